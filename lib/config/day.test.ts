import { expect, test } from 'vitest'
import { daysAgo, toDay } from '@/lib/config/day'

test('a moment is in the day that it is where the institution is', () => {
  const late = new Date('2026-07-12T21:30:00Z')
  expect(['UTC', 'Asia/Kathmandu', 'America/Bogota'].map((zone) => toDay(late, zone))).toEqual([
    '2026-07-12',
    '2026-07-13',
    '2026-07-12',
  ])
})

test('days are counted by the calendar, also where one of them had 23 or 25 hours', () => {
  expect(daysAgo(30, new Date('2026-07-12T23:30:00Z'), 'UTC')).toBe('2026-06-12')
  expect(daysAgo(1, new Date('2026-03-29T22:30:00Z'), 'Europe/Madrid')).toBe('2026-03-29')
  expect(daysAgo(1, new Date('2026-10-25T23:30:00Z'), 'Europe/Madrid')).toBe('2026-10-25')
})
