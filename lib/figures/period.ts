export const periodLengths = ['day', 'week', 'month'] as const
export type PeriodLength = (typeof periodLengths)[number]

export const periodsShown: Record<PeriodLength, number> = { day: 30, week: 26, month: 24 }

/** Days such as `2026-11-22`, both included. */
export type Period = { from: string; to: string }

/** The periods up to the current one, which includes `day`; oldest first. Weeks begin on Monday. */
export function listPeriods(length: PeriodLength, day: string): Period[] {
  const count = periodsShown[length]
  const today = new Date(day)
  return Array.from({ length: count }, (_, index) => {
    const back = count - 1 - index
    const end = startOf(length, today, back - 1)
    end.setUTCDate(end.getUTCDate() - 1)
    return { from: toText(startOf(length, today, back)), to: toText(end) }
  })
}

const toText = (date: Date) => date.toISOString().slice(0, 10)

/** The first day of the period `back` periods ago. */
function startOf(length: PeriodLength, today: Date, back: number): Date {
  const [year, month, day] = [today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate()]
  if (length === 'month') return new Date(Date.UTC(year, month - back, 1))
  const sinceMonday = (today.getUTCDay() + 6) % 7
  const first = length === 'week' ? day - sinceMonday - 7 * back : day - back
  return new Date(Date.UTC(year, month, first))
}

export type Growth = Period & {
  /** First connections. */
  added: number
  withdrew: number
  /** At the end of the period. */
  connected: number
}

type Figure = { day: string; figure: 'connected' | 'first_connected' | 'withdrew'; value: number }

/** Sums daily figures by period. The last period ends now and has `connectedNow`. */
export function toGrowth(periods: readonly Period[], figures: readonly Figure[], connectedNow: number): Growth[] {
  const growth = periods.map(({ from, to }) => {
    const within = figures.filter(({ day }) => day >= from && day <= to)
    const sum = (figure: Figure['figure']) =>
      within.reduce((all, each) => (each.figure === figure ? all + each.value : all), 0)
    const [last] = within.filter(({ figure }) => figure === 'connected').sort((a, b) => (a.day < b.day ? 1 : -1))
    return { from, to, added: sum('first_connected'), withdrew: sum('withdrew'), connected: last?.value ?? 0 }
  })
  const last = growth.at(-1)
  if (last) last.connected = connectedNow
  return growth
}

type CoverageOnDay = { day: string; people: number; connected: number }
export type CoveragePoint = Period & { people: number; connected: number }

/** Coverage at the end of each period, as far as it was written; the last period ends now. */
export function toCoverage(
  periods: readonly Period[],
  figures: readonly CoverageOnDay[],
  now: { people: number; connected: number },
): (CoveragePoint | null)[] {
  const points = periods.map(({ from, to }) => {
    const last = figures.findLast(({ day }) => day >= from && day <= to)
    return last ? { from, to, people: last.people, connected: last.connected } : null
  })
  const current = periods.at(-1)
  return current ? [...points.slice(0, -1), { ...current, ...now }] : points
}
