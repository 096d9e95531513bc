import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { Raw, Section } from '@/app/staff/try/_components/section'
import { TextField } from '@/app/staff/try/_components/text-field'
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
  const isFirst = trial.state === 'started'
  if (!isFirst && !trial.hasCode) return null
  return (
    <form method="post" action="/staff/try/exchange" className="no-print space-y-4">
      <input type="hidden" name="trial" value={trial.id} />
      {isFirst ? <First trial={trial} /> : <Again />}
      <button type="submit" className={isFirst ? 'btn btn-primary' : 'btn btn-quiet'}>
        {t(isFirst ? 'exchange.do' : 'exchange.doAgain')}
      </button>
    </form>
  )
}

/** The request that is about to be sent, and a field for a code that came back elsewhere. */
async function First({ trial }: { trial: ShownTrial }) {
  const t = await getTranslations('try')
  return (
    <>
      <p className="note">{t('exchange.toSend')}</p>
      <Raw label={t('exchange.toSend')} text={trial.toSend ?? ''} />
      <TextField
        name="code"
        label={t('exchange.paste')}
        hint={t(trial.hasCode ? 'exchange.pasteInstead' : 'exchange.pasteHint')}
      />
    </>
  )
}

async function Again() {
  const t = await getTranslations('try')
  return (
    <>
      <input type="hidden" name="again" value="yes" />
      <p className="max-w-[65ch]">{t('exchange.againLead')}</p>
    </>
  )
}
