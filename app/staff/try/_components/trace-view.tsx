import { getTranslations } from 'next-intl/server'
import { When } from '@/app/_components/when'
import { Explained, Raw } from '@/app/staff/try/_components/section'
import { meaningOf, readFields } from '@/lib/trials/explain'
import type { TracedStep } from '@/lib/trials/steps'
import { type TracedAnswer, toCurl } from '@/lib/trials/trace'

/** A request as curl, its answer, and what that means. */
export async function TraceView({ what, step }: { what: string; step: TracedStep }) {
  const t = await getTranslations('try')
  const { request, answer } = step.trace
  const number = t('trace.number', { number: step.number })
  const title = `${what}, ${number}`
  return (
    <article aria-label={title} className="min-w-0 space-y-3 border-line border-t pt-4">
      <h3 className="flex flex-wrap items-baseline gap-x-3">
        {what}
        <span className="note font-normal">
          {number} · <When at={step.at} />
        </span>
      </h3>
      <p className="note">{t('trace.request')}</p>
      <Raw label={`${title}: ${t('trace.request')}`} text={toCurl(request)} />
      <Answer title={title} answer={answer} />
    </article>
  )
}

async function Answer({ title, answer }: { title: string; answer: TracedAnswer }) {
  const t = await getTranslations('try')
  const meaning = <p className="max-w-[65ch] font-medium">{t(`meaning.${meaningOf(answer)}`)}</p>
  if (answer.kind === 'not_sent' || answer.kind === 'not_asked') return meaning
  const fields = answer.body.includes('access_token') ? Object.keys(readFields(answer.body) ?? {}) : []
  return (
    <>
      <p className="note">
        {t('trace.answer')} <strong className="text-ink">{answer.status ?? t('trace.noStatus')}</strong>
      </p>
      {meaning}
      {answer.headers.length > 0 ? (
        <details>
          <summary>{t('trace.headers', { count: answer.headers.length })}</summary>
          <Raw
            label={`${title}: ${t('trace.headersOf')}`}
            text={answer.headers.map(([name, value]) => `${name}: ${value}`).join('\n')}
          />
        </details>
      ) : null}
      {answer.body ? (
        <Raw label={`${title}: ${t('trace.body')}`} text={indented(answer.body)} />
      ) : (
        <p className="note">{t('trace.empty')}</p>
      )}
      {answer.kind === 'answered' && answer.isCut ? <p className="note">{t('trace.cut')}</p> : null}
      {fields.length > 0 ? (
        <Explained
          label={`${title}: ${t('trace.fields')}`}
          rows={fields.map((name) => ({
            name,
            meaning: t.has(`fields.${name}`) ? t(`fields.${name}`) : t('fields.other'),
          }))}
        />
      ) : null}
    </>
  )
}

function indented(body: string): string {
  const fields = readFields(body)
  return fields ? JSON.stringify(fields, null, 2) : body
}
