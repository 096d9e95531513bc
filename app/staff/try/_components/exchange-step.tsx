import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { field } from '@/app/staff/_components/filter-form'
import { Section } from '@/app/staff/try/_components/section'
import { TraceView } from '@/app/staff/try/_components/trace-view'
import type { ShownTrial } from '@/lib/trials/queries'

type Props = { trial: ShownTrial | null; problem: string | null; from: string | null }

/** The code for a token, and the same code once more. */
export async function ExchangeStep({ trial, problem, from }: Props) {
  const t = await getTranslations('try')
  const traces =
    trial?.steps.flatMap((step) => (step.trace && ['exchange', 'repeat'].includes(step.kind) ? [step] : [])) ?? []
  const isLost = trial?.state === 'exchanging' || trial?.state === 'recovering'
  return (
    <Section
      id="exchange"
      title={t(trial?.isTwoLegged ? 'exchange.twoLegged' : 'exchange.title')}
      lead={t(trial?.isTwoLegged ? 'exchange.twoLeggedLead' : 'exchange.lead')}
    >
      {problem && t.has(`exchange.problems.${problem}`) ? (
        <div role="alert">
          <Notice tone="warn">{t(`exchange.problems.${problem}`)}</Notice>
        </div>
      ) : null}
      {isLost ? <Notice tone="warn">{t('exchange.problems.lost')}</Notice> : null}
      {from ? <Notice tone="warn">{t('exchange.foreign', { host: from })}</Notice> : null}
      {traces.map((step) => (
        <TraceView key={step.id} what={t(step.kind === 'repeat' ? 'exchange.again' : 'exchange.first')} step={step} />
      ))}
      {trial && !trial.isOver && !trial.isTwoLegged && !isLost ? <ExchangeForm trial={trial} /> : null}
    </Section>
  )
}

async function ExchangeForm({ trial }: { trial: ShownTrial }) {
  const t = await getTranslations('try')
  if (trial.state !== 'started' && !trial.hasCode) return null
  return (
    <form method="post" action="/staff/try/exchange" className="no-print space-y-4">
      <input type="hidden" name="trial" value={trial.id} />
      {trial.state === 'started' ? (
        <div className="space-y-1">
          <label htmlFor="code-field" className="block font-semibold">
            {t('exchange.paste')}
          </label>
          <span className="note block" id="code-hint">
            {t(trial.hasCode ? 'exchange.pasteInstead' : 'exchange.pasteHint')}
          </span>
          <input
            id="code-field"
            name="code"
            autoComplete="off"
            spellCheck={false}
            aria-describedby="code-hint"
            className={`${field} mono max-w-md`}
          />
        </div>
      ) : (
        <>
          <input type="hidden" name="again" value="yes" />
          <p className="max-w-[65ch]">{t('exchange.againLead')}</p>
        </>
      )}
      <button type="submit" className={trial.state === 'started' ? 'btn btn-primary' : 'btn btn-quiet'}>
        {t(trial.state === 'started' ? 'exchange.do' : 'exchange.doAgain')}
      </button>
    </form>
  )
}
