import { getTranslations } from 'next-intl/server'
import { When } from '@/app/_components/when'
import { Section } from '@/app/staff/try/_components/section'
import { TraceView } from '@/app/staff/try/_components/trace-view'
import type { ShownTrial } from '@/lib/trials/queries'

/** The end of a trial: its token is revoked. */
export async function EndStep({ trial }: { trial: ShownTrial }) {
  const t = await getTranslations('try')
  const traces = trial.steps.flatMap((step) => (step.trace && step.kind === 'revoke' ? [step] : []))
  return (
    <Section id="revoke" title={t('end.title')} lead={t('end.lead')}>
      {trial.isOver ? (
        <p className="no-print">
          <a href="/staff/try" className="btn btn-primary">
            {t('startAgain')}
          </a>
        </p>
      ) : (
        <form method="post" action="/staff/try/end" className="no-print space-y-2">
          <input type="hidden" name="trial" value={trial.id} />
          <button type="submit" className="btn btn-quiet">
            {t(trial.hasToken ? 'end.revoke' : 'end.do')}
          </button>
          <p className="note">{t.rich('end.atLatest', { when: () => <When at={trial.expiresAt} /> })}</p>
        </form>
      )}
      {traces.map((step) => (
        <TraceView key={step.id} what={t('end.did')} step={step} />
      ))}
    </Section>
  )
}
