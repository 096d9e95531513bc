import { getFormatter, getTranslations } from 'next-intl/server'
import { When } from '@/app/_components/when'
import { Bar } from '@/app/staff/_components/charts/bar'
import { listHref } from '@/app/staff/_components/list-href'
import type { SweepState } from '@/lib/checks/queries'
import { countedMax } from '@/lib/list/count'
import type { Overview } from '@/lib/researchers/overview'
import { noFilters } from '@/lib/researchers/schema'

type Props = { sweep: SweepState; overview: Overview }

/** How far the checks at ORCID are, and how people stand there: each number leads to them. */
export async function SweepProgress({ sweep, overview }: Props) {
  const t = await getTranslations('staff.sweep')
  const format = await getFormatter()
  const { authenticated, findings } = overview
  const { count: live, filters } = authenticated
  const unchecked = findings.find(({ finding }) => finding === 'unchecked')?.count ?? 0
  const { due, late, latestAt, everyDays } = sweep
  const checked = Math.max(0, live - unchecked - late.count)
  return (
    <section aria-labelledby="sweep" className="space-y-3">
      <div>
        <h2 id="sweep">{t('title')}</h2>
        <p className="note">{t('lead', { days: everyDays })}</p>
      </div>
      {live === 0 ? (
        <p className="text-ink-soft">{t('nothing')}</p>
      ) : (
        <div className="card space-y-2">
          {late.exact ? (
            <>
              <p>
                {t.rich('progress', {
                  checked,
                  live,
                  day: sayDay(format, late.day),
                  answered: (words) => (
                    <a href={listHref({ ...filters, checkedFrom: late.day, sort: '-checked' })}>{words}</a>
                  ),
                  everybody: (words) => <a href={listHref(filters)}>{words}</a>,
                })}
              </p>
              <Bar parts={[{ value: checked, look: 'full' }]} most={live} />
            </>
          ) : null}
          <ul className="note flex flex-wrap gap-x-6 gap-y-1">
            <li>
              <a href={listHref({ ...noFilters, finding: 'due', sort: 'checked' })}>
                {t(due > countedMax ? 'dueMany' : 'due', { count: Math.min(due, countedMax) })}
              </a>
            </li>
            {late.count > 0 ? (
              <li>
                <a href={listHref({ ...filters, checkedBefore: late.day, sort: 'checked' })}>
                  {t(late.exact ? 'late' : 'lateMany', {
                    count: late.count,
                    day: sayDay(format, late.day),
                  })}
                </a>
              </li>
            ) : null}
            <li>
              {latestAt ? t.rich('latest', { when: () => <When key="latest" at={latestAt} /> }) : t('noAnswerYet')}
            </li>
          </ul>
        </div>
      )}
      <FindingList findings={findings} />
    </section>
  )
}

const sayDay = (format: Awaited<ReturnType<typeof getFormatter>>, day: string) =>
  format.dateTime(new Date(`${day}T00:00:00Z`), { dateStyle: 'long', timeZone: 'UTC' })

async function FindingList({ findings }: Pick<Overview, 'findings'>) {
  const t = await getTranslations('staff')
  const format = await getFormatter()
  return (
    <ul aria-label={t('sweep.findings')} className="card card-small grid gap-x-8 sm:grid-cols-2">
      {findings.map(({ finding, filters, count }) => (
        <li key={finding}>
          <a href={listHref(filters)} className="flex min-h-9 items-center justify-between gap-4 text-ink!">
            <span>{t(`findings.${finding}`)}</span>
            <span className="font-semibold tabular-nums">{format.number(count)}</span>
          </a>
        </li>
      ))}
    </ul>
  )
}
