import { Circle } from 'lucide-react'
import { getTranslations } from 'next-intl/server'
import { getMissingWords } from '@/app/staff/campaigns/_components/missing-words'
import type { StaffActor } from '@/lib/actor'
import type { Missing } from '@/lib/campaigns/readiness'
import { may } from '@/lib/staff/abilities'

/** What is missing before the opening, each with the way to mend it. */
export async function Checklist({ actor, missing }: { actor: StaffActor; missing: readonly Missing[] }) {
  if (missing.length === 0) return null
  const t = await getTranslations('staff.campaigns')
  const toWords = await getMissingWords()
  return (
    <section aria-labelledby="missing" className="space-y-3">
      <h2 id="missing">{t('page.missing')}</h2>
      <ul className="card card-list">
        {missing.map((each) => (
          <li key={`${each.kind} ${each.href}`} className="flex items-start gap-3 py-2">
            <Circle size={20} className="mt-0.5 shrink-0 text-warn" />
            <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">{toWords(each)}</span>
            {each.kind === 'informed' && !may(actor, 'openCampaigns') ? (
              <span className="note shrink-0">{t('missing.ask')}</span>
            ) : (
              <a href={each.href} aria-label={`${t('missing.fix')}: ${toWords(each)}`} className="no-print shrink-0">
                {t('missing.fix')}
              </a>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
