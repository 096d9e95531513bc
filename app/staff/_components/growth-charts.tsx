import type { DateTimeFormatOptions } from 'next-intl'
import { getFormatter, getTranslations } from 'next-intl/server'
import { EmptyState } from '@/app/_components/empty-state'
import { ChartTable } from '@/app/staff/_components/charts/chart-table'
import { Columns } from '@/app/staff/_components/charts/columns'
import { RisingLine } from '@/app/staff/_components/charts/rising-line'
import { listHref } from '@/app/staff/_components/list-href'
import { type Growth, type PeriodLength, periodLengths } from '@/lib/figures/period'
import { noFilters } from '@/lib/researchers/schema'

type Props = { growth: Growth[]; per: PeriodLength }

/** How many connected for the first time in each period, and how many were at its end: two charts, and their table. */
export async function GrowthCharts({ growth, per }: Props) {
  const t = await getTranslations('staff.overview')
  const { periods, short, long, number } = await words(per)
  const now = growth.at(-1)?.connected ?? 0
  const isEmpty = growth.every(({ added, connected }) => added + connected === 0)
  return (
    <section id="over-time" aria-labelledby="over-time-title" className="space-y-3">
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <h2 id="over-time-title">{t('overTime')}</h2>
        <PerSwitch per={per} />
      </div>
      {isEmpty ? (
        <EmptyState>{t('overTimeEmpty')}</EmptyState>
      ) : (
        <div className="card space-y-5">
          <p className="max-w-[65ch]! text-sm">{await summarise(growth, per)}</p>
          <div className="grid grid-cols-1 gap-x-10 gap-y-6 xl:grid-cols-2">
            <figure className="space-y-2">
              <figcaption className="note">{t(`added.${per}`)}</figcaption>
              <Columns
                columns={growth.map((period) => ({
                  name: short(period),
                  title: t('columnTitle', { period: long(period), count: period.added }),
                  value: period.added,
                  href: listHref(filtersOf(period)),
                }))}
              />
            </figure>
            <figure className="space-y-2">
              <figcaption className="note">{t(`sum.${per}`)}</figcaption>
              <RisingLine
                names={growth.map(short)}
                values={growth.map((period) => period.connected)}
                last={number(now)}
              />
            </figure>
          </div>
          <ChartTable caption={t('overTime')} heads={[periods, t('addedHead'), t('withdrewHead'), t('sumHead')]}>
            {growth.toReversed().map((period) => (
              <tr key={period.from}>
                <th scope="row">{long(period)}</th>
                <td>
                  <a href={listHref(filtersOf(period))}>{number(period.added)}</a>
                </td>
                <td>{number(period.withdrew)}</td>
                <td>{number(period.connected)}</td>
              </tr>
            ))}
          </ChartTable>
        </div>
      )}
    </section>
  )
}

const filtersOf = ({ from, to }: Growth) => ({ ...noFilters, connectedFrom: from, connectedTo: to })

async function words(per: PeriodLength) {
  const t = await getTranslations('staff.overview')
  const format = await getFormatter()
  const day = (text: string, options: DateTimeFormatOptions) =>
    format.dateTime(new Date(`${text}T00:00:00Z`), { ...options, timeZone: 'UTC' })
  const longs: Record<PeriodLength, (period: Growth) => string> = {
    day: ({ from }) => day(from, { weekday: 'short', day: 'numeric', month: 'long', year: 'numeric' }),
    week: ({ from }) => t('weekOf', { day: day(from, { day: 'numeric', month: 'long', year: 'numeric' }) }),
    month: ({ from }) => day(from, { month: 'long', year: 'numeric' }),
  }
  return {
    periods: t(`per.${per}`),
    number: (value: number) => format.number(value),
    long: longs[per],
    short: ({ from }: Growth) =>
      day(from, per === 'month' ? { month: 'short', year: '2-digit' } : { day: 'numeric', month: 'short' }),
  }
}

/** What the charts show, for those who do not see them and for those who want one sentence. */
async function summarise(growth: Growth[], per: PeriodLength): Promise<string> {
  const t = await getTranslations('staff.overview')
  const { long } = await words(per)
  const most = growth.reduce((best, period) => (period.added > best.added ? period : best))
  const added = growth.reduce((total, period) => total + period.added, 0)
  const now = growth.at(-1)
  if (!now || added === 0) return t('noGrowth', { count: growth.length, per, sum: now?.connected ?? 0 })
  return t('growth', {
    count: growth.length,
    per,
    added,
    now: now.added,
    most: most.added,
    when: long(most),
    sum: now.connected,
  })
}

async function PerSwitch({ per }: { per: PeriodLength }) {
  const t = await getTranslations('staff.overview')
  return (
    <nav aria-label={t('perLabel')} className="no-print">
      <ul className="flex flex-wrap gap-1 rounded-lg border border-line-strong bg-surface p-0.5 text-sm">
        {periodLengths.map((length) => (
          <li key={length}>
            <a
              href={`/staff/figures?per=${length}#over-time`}
              aria-current={length === per ? 'true' : undefined}
              className="flex min-h-7 items-center rounded-md px-3 text-ink! no-underline! hover:bg-sunken aria-[current]:bg-sunken aria-[current]:font-semibold"
            >
              {t(`per.${length}`)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}
