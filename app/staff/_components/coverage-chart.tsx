import { getFormatter, getTranslations } from 'next-intl/server'
import { ChartTable } from '@/app/staff/_components/charts/chart-table'
import { ShareLine } from '@/app/staff/_components/charts/share-line'
import { getShareWords } from '@/app/staff/_components/share-words'
import type { CoveragePoint, PeriodLength } from '@/lib/figures/period'
import type { PersonKind } from '@/lib/people/person'
import { toShare } from '@/lib/people/units'

type Props = {
  /** Oldest first; null where nothing was written. */
  points: (CoveragePoint | null)[]
  per: PeriodLength
  kinds?: PersonKind[]
  kind?: PersonKind | 'all'
  /** Where the chart is with other choices; without it there are none. */
  path?: (query: string) => string
}

/** The share of connected people at the end of each period: a line, and its table. */
export async function CoverageChart({ points, per, kinds = [], kind = 'all', path }: Props) {
  const t = await getTranslations('staff.coverage')
  const overview = await getTranslations('staff.overview')
  const format = await getFormatter()
  const say = await getShareWords()
  const known = points.filter((point) => point !== null)
  const [first, last] = [known[0], known.at(-1)]
  const day = (text: string, year: 'numeric' | '2-digit' = 'numeric') =>
    format.dateTime(new Date(`${text}T00:00:00Z`), {
      timeZone: 'UTC',
      ...(per === 'month'
        ? { month: year === 'numeric' ? 'long' : 'short', year }
        : { day: 'numeric', month: year === 'numeric' ? 'long' : 'short', ...(year === 'numeric' ? { year } : {}) }),
    })
  return (
    <section id="coverage" aria-labelledby="coverage-title" className="space-y-3">
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <h2 id="coverage-title">{t('overTime')}</h2>
        {path && kinds.length > 1 ? (
          <nav aria-label={t('kindLabel')} className="no-print">
            <ul className="flex flex-wrap gap-1 rounded-lg border border-line-strong bg-surface p-0.5 text-sm">
              {[...kinds, 'all' as const].map((each) => (
                <li key={each}>
                  <a
                    href={path(`per=${per}&kind=${each}`)}
                    aria-current={each === kind ? 'true' : undefined}
                    className="flex min-h-7 items-center rounded-md px-3 text-ink! no-underline! hover:bg-sunken aria-[current]:bg-sunken aria-[current]:font-semibold"
                  >
                    {t(`kinds.${each}`)}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
        ) : null}
      </div>
      <div className="card space-y-5">
        {first && last && first !== last ? (
          <>
            <p className="max-w-[65ch]! text-sm">
              {t('overTimeHint', { from: day(first.to), before: say(first), now: say(last) })}
            </p>
            <ShareLine
              points={points.map((point) => point && toShare(point))}
              names={points.map((point, index) => (point ? day(point.to, '2-digit') : ' '.repeat(index + 1)))}
              last={say(last)}
            />
          </>
        ) : (
          <p className="max-w-[65ch]! text-sm text-ink-soft">{t('overTimeEmpty')}</p>
        )}
        {known.length > 1 ? (
          <ChartTable
            caption={t('overTime')}
            heads={[overview(`per.${per}`), t('heads.share'), t('heads.connected'), t('heads.people')]}
          >
            {known.toReversed().map((point) => (
              <tr key={point.from}>
                <th scope="row">{day(point.to)}</th>
                <td>{say(point)}</td>
                <td>{format.number(point.connected)}</td>
                <td>{format.number(point.people)}</td>
              </tr>
            ))}
          </ChartTable>
        ) : null}
      </div>
    </section>
  )
}
