import { describe, expect, test } from 'vitest'
import { describeTimetable, listDueSince } from '@/lib/jobs/timetable'

const timetable = ['* * * * * revoke', '*/10 * * * * expire-attempts', '9 * * * * expire', '30 3 * * * tidy'].join('\n')
const due = (since: string | null, now: string) =>
  listDueSince(timetable, since === null ? null : new Date(since), new Date(now))

describe('what a timetable has wanted since somebody last looked', () => {
  test('is everything for somebody who never looked', () => {
    expect(due(null, '2026-11-21T12:00:00Z')).toEqual(['revoke', 'expire-attempts', 'expire', 'tidy'])
  })

  test('is nothing within the same minute', () => {
    expect(due('2026-11-21T12:09:10Z', '2026-11-21T12:09:50Z')).toEqual([])
  })

  test('is each job whose minute has come between, once, in UTC', () => {
    expect(due('2026-11-21T12:07:30Z', '2026-11-21T12:09:10Z')).toEqual(['revoke', 'expire'])
    expect(due('2026-11-21T12:30:00Z', '2026-11-21T12:45:00Z')).toEqual(['revoke', 'expire-attempts'])
    expect(due('2026-11-21T03:29:59Z', '2026-11-21T03:30:01Z')).toContain('tidy')
  })
})

test('says of each job when it comes next and how often, in the order of names', () => {
  const described = describeTimetable(timetable, new Date('2026-11-21T12:09:10Z'))
  expect(described).toEqual([
    { name: 'expire', nextAt: new Date('2026-11-21T13:09:00Z'), everyMinutes: 60 },
    { name: 'expire-attempts', nextAt: new Date('2026-11-21T12:10:00Z'), everyMinutes: 10 },
    { name: 'revoke', nextAt: new Date('2026-11-21T12:10:00Z'), everyMinutes: 1 },
    { name: 'tidy', nextAt: new Date('2026-11-22T03:30:00Z'), everyMinutes: 24 * 60 },
  ])
})
