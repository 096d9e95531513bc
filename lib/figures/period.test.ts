import { expect, test } from 'vitest'
import { listPeriods, periodLengths, periodsShown, toGrowth } from '@/lib/figures/period'

const today = '2026-03-01'

test('periods follow one another without a gap, and the last one has today in it', () => {
  for (const length of periodLengths) {
    const periods = listPeriods(length, today)
    expect(periods).toHaveLength(periodsShown[length])
    for (const [index, { from, to }] of periods.entries()) {
      expect(to >= from).toBe(true)
      const next = periods[index + 1]
      if (next) expect(Date.parse(next.from) - Date.parse(to)).toBe(86_400_000)
    }
    const last = periods.at(-1)
    expect(last && last.from <= today && last.to >= today).toBe(true)
  }
})

test('weeks begin on Monday, months on their first day', () => {
  expect(listPeriods('day', today).slice(-2)).toEqual([
    { from: '2026-02-28', to: '2026-02-28' },
    { from: '2026-03-01', to: '2026-03-01' },
  ])
  expect(listPeriods('week', today).slice(-2)).toEqual([
    { from: '2026-02-16', to: '2026-02-22' },
    { from: '2026-02-23', to: '2026-03-01' },
  ])
  expect(listPeriods('month', today).slice(-2)).toEqual([
    { from: '2026-02-01', to: '2026-02-28' },
    { from: '2026-03-01', to: '2026-03-31' },
  ])
})

test('growth counts each day in one period, and gives those connected at its end, or now in the one that goes on', () => {
  const figure = (day: string, name: 'connected' | 'first_connected' | 'withdrew', value: number) =>
    ({ day, figure: name, value }) as const
  const figures = [
    figure('2026-01-31', 'first_connected', 10),
    figure('2026-02-01', 'first_connected', 2),
    figure('2026-02-28', 'first_connected', 3),
    figure('2026-02-28', 'connected', 14),
    figure('2026-02-27', 'connected', 12),
    figure('2026-02-27', 'withdrew', 1),
    figure('2026-03-01', 'first_connected', 4),
  ]
  expect(toGrowth(listPeriods('month', today).slice(-2), figures, 17)).toEqual([
    { from: '2026-02-01', to: '2026-02-28', added: 5, withdrew: 1, connected: 14 },
    { from: '2026-03-01', to: '2026-03-31', added: 4, withdrew: 0, connected: 17 },
  ])
})
