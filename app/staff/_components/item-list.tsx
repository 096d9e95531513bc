import { getTranslations } from 'next-intl/server'
import { AffiliationState, Period } from '@/app/_components/affiliation'
import { When } from '@/app/_components/when'
import { PersonLink } from '@/app/staff/_components/person-link'
import type { ShownAffiliation } from '@/lib/affiliations/queries'

type Item = ShownAffiliation & { person?: { id: string; orcid: string | null; name: string | null } }

/** Items, one below the other, each with whose it is where they are several people's, and how far it has got. */
export async function ItemList({ label, items }: { label: string; items: readonly Item[] }) {
  const t = await getTranslations('affiliation')
  return (
    <ul aria-label={label} className="card card-list">
      {items.map(({ id, kind, title, department, startOn, endOn, state, changedAt, person }) => (
        <li
          key={id}
          className="grid items-start gap-x-6 gap-y-1 py-3 sm:grid-cols-[minmax(0,1.6fr)_minmax(0,1fr)_minmax(0,1fr)]"
        >
          <span className="min-w-0 [overflow-wrap:anywhere]">
            <a href={`/staff/affiliations/${id}`} className="font-medium">
              {title}
            </a>
            <span className="note block">
              {t(`kinds.${kind}`)}
              {department ? ` · ${department}` : ''}
            </span>
          </span>
          <span className="min-w-0 text-sm">
            {person ? (
              <span className="block [overflow-wrap:anywhere]">
                <PersonLink {...person} />
              </span>
            ) : null}
            <span className="note block">
              <Period kind={kind} startOn={startOn} endOn={endOn} />
            </span>
          </span>
          <span className="text-sm">
            <AffiliationState state={state} />
            <span className="note block">
              <When at={changedAt} />
            </span>
          </span>
        </li>
      ))}
    </ul>
  )
}
