import { expect, test } from 'vitest'
import { listPeriods, periodLengths, periodsShown, toGrowth } from '@/lib/researchers/period'

// In Kathmandu this is the next day; the days are UTC's.
const now = new Date('2026-03-01T21:30:00Z')

test('periods follow one another without a gap, and the last one has today in it', () => {
  for (const length of periodLengths) {
    const periods = listPeriods(length, now)
    expect(periods).toHaveLength(periodsShown[length])
    for (const [index, { from, to }] of periods.entries()) {
      expect(to >= from).toBe(true)
      const next = periods[index + 1]
      if (next) expect(Date.parse(next.from) - Date.parse(to)).toBe(86_400_000)
    }
    const last = periods.at(-1)
    expect(last && last.from <= '2026-03-01' && last.to >= '2026-03-01').toBe(true)
  }
})

test('weeks begin on Monday, months on their first day', () => {
  expect(listPeriods('day', now).slice(-2)).toEqual([
    { from: '2026-02-28', to: '2026-02-28' },
    { from: '2026-03-01', to: '2026-03-01' },
  ])
  expect(listPeriods('week', now).slice(-2)).toEqual([
    { from: '2026-02-16', to: '2026-02-22' },
    { from: '2026-02-23', to: '2026-03-01' },
  ])
  expect(listPeriods('month', now).slice(-2)).toEqual([
    { from: '2026-02-01', to: '2026-02-28' },
    { from: '2026-03-01', to: '2026-03-31' },
  ])
})

test('growth counts each day in one period, and all that came before the first in the sums', () => {
  const days = [
    { day: '2019-05-05', count: 10 },
    { day: '2026-02-01', count: 2 },
    { day: '2026-02-28', count: 3 },
    { day: '2026-03-01', count: 4 },
  ]
  expect(toGrowth(listPeriods('month', now).slice(-2), days)).toEqual([
    { from: '2026-02-01', to: '2026-02-28', added: 5, sum: 15 },
    { from: '2026-03-01', to: '2026-03-31', added: 4, sum: 19 },
  ])
})
