import { getTranslations } from 'next-intl/server'
import { When } from '@/app/_components/when'
import type { listFailuresOf } from '@/lib/attempts/queries'

type Props = { failures: Awaited<ReturnType<typeof listFailuresOf>> }

/** What failed on somebody’s way to ORCID and back, each with the reference that leads to what can be said about it. */
export async function Failures({ failures }: Props) {
  if (failures.length === 0) return null
  const t = await getTranslations('staff.people.person')
  const person = await getTranslations('staff.person')
  return (
    <section aria-labelledby="failures-title" id="failures" className="space-y-3">
      <h2 id="failures-title">{t('failures')}</h2>
      <p className="note">{person('attemptsHint')}</p>
      <ul className="card card-list">
        {failures.map(({ id, reference, outcome, startedAt }) => (
          <li key={id} className="flex flex-wrap items-baseline gap-x-4 gap-y-1 py-3">
            <a href={`/staff/attempts/${reference}`} className="inline-flex min-h-6 items-center">
              <code className="whitespace-nowrap font-semibold">{reference}</code>
            </a>
            <span>{person(`outcomes.${outcome}`)}</span>
            <span className="text-ink-soft text-sm">
              <When at={startedAt} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
