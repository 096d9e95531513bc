export const periodLengths = ['day', 'week', 'month'] as const
export type PeriodLength = (typeof periodLengths)[number]

/** How many periods a chart shows: a month of days, half a year of weeks, two years of months. */
export const periodsShown: Record<PeriodLength, number> = { day: 30, week: 26, month: 24 }

/** Calendar days in UTC, `2026-11-22`, both included. */
export type Period = { from: string; to: string }

/** The periods up to the one that `now` is in, oldest first. Weeks begin on Monday; the last one is not over yet. */
export function listPeriods(length: PeriodLength, now: Date): Period[] {
  const count = periodsShown[length]
  return Array.from({ length: count }, (_, index) => {
    const back = count - 1 - index
    const start = startOf(length, now, back)
    const end = new Date(startOf(length, now, back - 1).getTime() - dayMs)
    return { from: toDay(start), to: toDay(end) }
  })
}

const dayMs = 86_400_000
export const toDay = (time: Date) => time.toISOString().slice(0, 10)

/** The beginning of the period that lies so many before the one that `now` is in. */
function startOf(length: PeriodLength, now: Date, back: number): Date {
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()]
  if (length === 'month') return new Date(Date.UTC(year, month - back, 1))
  const sinceMonday = (now.getUTCDay() + 6) % 7
  const first = length === 'week' ? day - sinceMonday - 7 * back : day - back
  return new Date(Date.UTC(year, month, first))
}

export type Growth = Period & {
  /** Those who came in this period. */
  added: number
  /** Those who had come by its end. */
  sum: number
}

/** What days with a count come to in each period, and all days up to its end. Periods are without gaps. */
export function toGrowth(periods: readonly Period[], days: readonly { day: string; count: number }[]): Growth[] {
  const within = (from: string, to: string) =>
    days.reduce((sum, { day, count }) => (day >= from && day <= to ? sum + count : sum), 0)
  return periods.map(({ from, to }) => ({ from, to, added: within(from, to), sum: within('', to) }))
}
