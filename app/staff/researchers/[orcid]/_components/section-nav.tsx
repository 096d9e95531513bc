import { getTranslations } from 'next-intl/server'
import { anchors, type Tab } from '@/app/staff/researchers/[orcid]/_components/tabs'

type Props = { orcid: string; tabs: readonly Tab[]; current: Tab }

/** The ways to the other parts of the page, as links. */
export async function SectionNav({ orcid, tabs, current }: Props) {
  const t = await getTranslations('staff.person')
  return (
    <nav aria-label={t('sections')} className="no-print">
      <ul className="flex flex-wrap gap-x-6 gap-y-1 border-line sm:border-b">
        {tabs.map((tab) => (
          <li key={tab}>
            <a
              href={`/staff/researchers/${orcid}?tab=${tab}#${anchors[tab]}`}
              aria-current={tab === current ? 'page' : undefined}
              className="inline-flex min-h-8 items-center border-transparent sm:min-h-10 border-b-2 aria-[current]:border-accent aria-[current]:font-semibold aria-[current]:no-underline"
            >
              {t(`tabs.${tab}`)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}
