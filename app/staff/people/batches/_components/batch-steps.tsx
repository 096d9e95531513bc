import { getTranslations } from 'next-intl/server'
import { Period } from '@/app/_components/affiliation'
import { PersonLink } from '@/app/staff/_components/person-link'
import type { ShownBatch, ShownStep } from '@/lib/affiliations/batch-queries'
import { rawEntry } from '@/lib/affiliations/entry'

/** The first steps of a batch, each with what became of it. */
export async function BatchSteps({ batch: { steps, counts } }: { batch: ShownBatch }) {
  const t = await getTranslations('staff.people.batch')
  const more = Object.values(counts).reduce((sum, count) => sum + count, 0) - steps.length
  if (steps.length === 0) return null
  return (
    <div className="space-y-2">
      <ul aria-label={t('caption')} className="card card-list">
        {steps.map((step) => (
          <Step key={step.place} step={step} />
        ))}
      </ul>
      {more > 0 ? <p className="note">{t('more', { count: more })}</p> : null}
    </div>
  )
}

async function Step({ step: { person, item, state, reason, affiliationId } }: { step: ShownStep }) {
  const t = await getTranslations('staff.people.batch')
  return (
    <li className="grid items-start gap-x-6 gap-y-1 py-3 sm:grid-cols-[minmax(0,1fr)_minmax(0,1.4fr)_minmax(0,0.7fr)]">
      <span className="min-w-0 [overflow-wrap:anywhere]">
        <PersonLink {...person} />
      </span>
      <span className="min-w-0 text-sm [overflow-wrap:anywhere]">
        {item ? <Item item={item} affiliationId={affiliationId} /> : null}
      </span>
      <span className="text-sm">
        {t(`states.${state}`)}
        {reason ? (
          <span className="note block">{t.has(`reasons.${reason}`) ? t(`reasons.${reason}`) : reason}</span>
        ) : null}
      </span>
    </li>
  )
}

async function Item({ item, affiliationId }: { item: unknown; affiliationId: string | null }) {
  const t = await getTranslations('affiliation')
  const { type, title, department, start, end } = rawEntry.shape.fields.parse(item)
  const words = title || '–'
  return (
    <>
      {affiliationId ? <a href={`/staff/affiliations/${affiliationId}`}>{words}</a> : words}
      <span className="note block">
        {[type && t.has(`kinds.${type}`) ? t(`kinds.${type}`) : null, department].filter(Boolean).join(' · ')}
      </span>
      <span className="note block">
        <Period startOn={start || null} endOn={end || null} />
      </span>
    </>
  )
}
