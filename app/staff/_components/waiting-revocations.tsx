import { getTranslations } from 'next-intl/server'
import { When } from '@/app/_components/when'
import { PersonLink } from '@/app/staff/_components/person-link'
import type { listWaitingRevocations } from '@/lib/grants/revocation-queries'

type Waiting = Awaited<ReturnType<typeof listWaitingRevocations>>[number]

/** Each token that ORCID still has to disable: whose, why, since when, and what ORCID said last. */
export async function WaitingRevocations({ revocations, count }: { revocations: Waiting[]; count: number }) {
  const t = await getTranslations('staff.overview')
  if (revocations.length === 0) return null
  return (
    <section id="waiting" aria-labelledby="waiting-title" className="space-y-3">
      <div>
        <h2 id="waiting-title">{t('waitingTitle')}</h2>
        <p className="note">
          {t('waitingHint')} {count > revocations.length ? t('waitingMore', { count: revocations.length }) : null}
        </p>
      </div>
      <ul className="card card-list">
        {revocations.map((revocation) => (
          <Row key={revocation.id} revocation={revocation} />
        ))}
      </ul>
    </section>
  )
}

async function Row({ revocation }: { revocation: Waiting }) {
  const { grant, reason, requestedAt, tries, lastOutcome, missingKey } = revocation
  const t = await getTranslations('staff.overview')
  const answers: Record<string, string> = {
    unavailable: t('unavailable'),
    unreadable: t('unreadable'),
    failed: t('failedHere'),
    ...(missingKey && { key_missing: t('keyMissing', { key: missingKey }) }),
  }
  const last = lastOutcome === null ? t('untried') : (answers[lastOutcome] ?? t('refused', { code: lastOutcome }))
  return (
    <li className="grid gap-x-6 gap-y-0.5 py-2.5 text-sm sm:grid-cols-[minmax(0,2fr)_minmax(0,2fr)_minmax(0,1fr)_minmax(0,2fr)]">
      <span>{grant ? <PersonLink {...grant.researcher} /> : t(reason === 'erased' ? 'erasedPerson' : 'nobody')}</span>
      <span>{t(`reasons.${reason}`)}</span>
      <span className="text-ink-soft">
        <When at={requestedAt} />
      </span>
      <span className="text-ink-soft">
        {last}
        {tries > 0 ? ` (${t('tries', { count: tries })})` : null}
      </span>
    </li>
  )
}
