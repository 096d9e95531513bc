import { getFormatter, getTranslations } from 'next-intl/server'
import { EmptyState } from '@/app/_components/empty-state'
import { BarRow, BarTable } from '@/app/staff/_components/charts/bar-table'
import type { Look } from '@/app/staff/_components/charts/patterns'
import { countByOutcome, type DayCount, savedOutcomes, total, unsavedOutcomes } from '@/lib/attempts/outcome'
import { attemptsHref, noAttemptFilters, type OutcomeName, outcomesOf, toName } from '@/lib/attempts/schema'
import type { Period } from '@/lib/figures/period'

type Props = { attempts: readonly DayCount[]; period: Period; days: number }

/** What became of those who set out to connect: how many came back and were saved, and how the others ended. */
export async function AttemptFunnel({ attempts, period, days }: Props) {
  const t = await getTranslations('staff.overview')
  const outcomes = await getTranslations('staff.person')
  const counts = countByOutcome(attempts.filter(({ purpose }) => purpose === 'connect'))
  const started = [...counts.values()].reduce((sum, count) => sum + count, 0)
  const of = (name: OutcomeName) => total(counts, outcomesOf(name))
  const step = (name: OutcomeName | null, words: string, look: Look, count: number) => (
    <Step key={words} name={words} count={count} started={started} look={look} href={hrefOf(name, period)} />
  )
  const single = (list: typeof savedOutcomes | typeof unsavedOutcomes, look: Look) =>
    [...list]
      .filter((outcome) => counts.get(outcome))
      .sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0))
      .map((outcome) => step(toName(outcome), outcomes(`outcomes.${outcome}`), look, counts.get(outcome) ?? 0))
  return (
    <section aria-labelledby="attempts" className="space-y-3">
      <div>
        <h2 id="attempts">{t('attempts')}</h2>
        {started > 0 ? (
          <p className="note">{t('attemptsHint', { days, started, back: of('came-back'), saved: of('saved') })}</p>
        ) : null}
      </div>
      {started === 0 ? (
        <EmptyState>{t('attemptsEmpty')}</EmptyState>
      ) : (
        <div className="card">
          <BarTable caption={t('attempts')} heads={[t('step'), t('attemptsHead'), t('share')]}>
            <tbody>
              {step(null, t('started'), 'full', started)}
              {step('came-back', t('cameBack'), 'full', of('came-back'))}
              {step('saved', t('saved'), 'full', of('saved'))}
            </tbody>
            {of('saved') > 0 ? (
              <tbody>
                <Group name={t('howSaved')} />
                {single(savedOutcomes, 'dotted')}
              </tbody>
            ) : null}
            <tbody>
              <Group name={t('howEnded')} />
              {single(unsavedOutcomes, 'hatched')}
              {step('under-way', t('underWay'), 'hatched', of('under-way'))}
            </tbody>
          </BarTable>
          <p className="no-print pt-2 text-sm">
            <a href="/staff/attempts" className="inline-block min-h-6">
              {t('allAttempts')}
            </a>
          </p>
        </div>
      )}
    </section>
  )
}

const hrefOf = (outcome: OutcomeName | null, { from, to }: Period) =>
  attemptsHref({ ...noAttemptFilters, outcome, purpose: 'connect', from, to })

type StepProps = { name: string; count: number; started: number; look: Look; href: string }

async function Step({ name, count, started, look, href }: StepProps) {
  const format = await getFormatter()
  return (
    <BarRow name={name} parts={[{ value: count, look }]} most={started}>
      <td>
        <a href={href}>{format.number(count)}</a>
      </td>
      <td>{format.number(count / started, { style: 'percent', maximumFractionDigits: 1 })}</td>
    </BarRow>
  )
}

function Group({ name }: { name: string }) {
  return (
    <tr className="group">
      <th scope="rowgroup" colSpan={3}>
        {name}
      </th>
    </tr>
  )
}
