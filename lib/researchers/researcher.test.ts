import { expect, test } from 'vitest'
import { daysAgo, toShownState } from '@/lib/researchers/researcher'

const now = new Date('2026-07-12T10:00:00Z')
const researcher = (state: 'connected' | 'withdrawn', expiresAt: string | null) => ({
  state,
  expiresAt: expiresAt ? new Date(expiresAt) : null,
})

test('a connection that ends within two years is shown as expiring, a longer one as connected', () => {
  expect(toShownState(researcher('connected', '2028-07-12T09:59:59Z'), now)).toBe('expiring')
  expect(toShownState(researcher('connected', '2028-07-12T10:00:00Z'), now)).toBe('connected')
})

test('what has ended is not shown as expiring', () => {
  expect(toShownState(researcher('withdrawn', '2027-01-01T00:00:00Z'), now)).toBe('withdrawn')
  expect(toShownState(researcher('connected', null), now)).toBe('connected')
})

test('days are those of UTC, wherever the machine is', () => {
  expect(daysAgo(30, new Date('2026-07-12T23:30:00Z'))).toBe('2026-06-12')
  expect(daysAgo(7, new Date('2026-03-01T00:10:00Z'))).toBe('2026-02-22')
})
