import { getTranslations } from 'next-intl/server'
import type { ReferencedAttempt } from '@/lib/attempts/lookup'

/** What happened on an attempt, in words that can be read out to the person who made it. */
export async function AttemptSummary({ attempt }: { attempt: ReferencedAttempt }) {
  const t = await getTranslations('staff.attempt')
  return (
    <section aria-labelledby="say" className="card space-y-2 border-s-4! border-s-accent!">
      <h2 id="say">{t('say')}</h2>
      <blockquote className="max-w-[40rem] text-lg leading-relaxed">
        <p className="max-w-none">
          {t(`began.${attempt.purpose}`)} {await tell(attempt)}
        </p>
      </blockquote>
    </section>
  )
}

async function tell({ state, outcome }: ReferencedAttempt): Promise<string> {
  const t = await getTranslations('staff.attempt')
  if (!outcome) return t(`underWay.${state === 'started' || state === 'exchanging' ? state : 'recovering'}`)
  return t(`said.${outcome}`, { page: await findTitle(outcome) })
}

const saved = {
  connected: 'connected',
  updated: 'updated',
  already_connected: 'already-connected',
  fewer: 'fewer',
  different_id: 'different-id',
} as const
const failed = {
  denied: 'denied',
  nothing_came_back: 'nothing-came-back',
  expired: 'expired',
  code_expired: 'code-expired',
  orcid_refused: 'orcid-refused',
  orcid_unavailable: 'orcid-unavailable',
  not_saved: 'not-saved',
  tried: 'tried',
} as const

/** The heading of the page that the person saw at the end, in the language of whoever reads it out. */
async function findTitle(outcome: NonNullable<ReferencedAttempt['outcome']>) {
  const [attempt, ended, less] = await Promise.all([
    getTranslations('attempt'),
    getTranslations('outcome'),
    getTranslations('narrowed'),
  ])
  if (outcome === 'narrowed') return less('narrowed.title')
  if (outcome === 'signed_in' || outcome === 'answer_lost') return ''
  if (outcome in saved) return attempt(`${saved[outcome as keyof typeof saved]}.title`)
  return ended(`${failed[outcome as keyof typeof failed]}.title`)
}
