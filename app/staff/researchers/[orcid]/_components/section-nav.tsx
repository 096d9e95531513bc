import { getTranslations } from 'next-intl/server'
import { env } from '@/lib/config/env'

const sections = ['permissions', 'attempts', 'checks', 'writes', 'calls', 'events', 'notes'] as const

/** The parts of the page, all of them on it, so that the browser's own search finds everything. */
export async function SectionNav() {
  const t = await getTranslations('staff.person')
  const left = env().orcid.api === 'member' ? 'calls' : 'writes'
  return (
    <nav aria-label={t('sections')} className="no-print">
      <ul className="flex flex-wrap gap-x-6 gap-y-1 border-line border-b pb-2">
        {sections
          .filter((section) => section !== left)
          .map((section) => (
            <li key={section}>
              <a href={`#${section}`} className="inline-flex min-h-8 items-center">
                {t(`tabs.${section}`)}
              </a>
            </li>
          ))}
      </ul>
    </nav>
  )
}
