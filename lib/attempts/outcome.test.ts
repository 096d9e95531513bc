import { expect, test } from 'vitest'
import { allOutcomes, isRising, shareOfFailures } from '@/lib/attempts/outcome'

const counted = (outcomes: Record<string, number>) =>
  Object.entries(outcomes).map(([outcome, count]) => ({ day: '2026-11-22', purpose: 'connect', outcome, count }))
const share = (outcomes: Record<string, number>) => shareOfFailures(counted(outcomes))

test('a failure is what did not work, not what people decide or how long they take, and attempts under way are not counted', () => {
  expect(
    share({ connected: 6, denied: 1, expired: 1, code_expired: 10, not_saved: 1, orcid_refused: 1, under_way: 30 }),
  ).toEqual({
    failed: 2,
    ended: 20,
    share: 0.1,
  })
  expect(share({ under_way: 3 }).share).toBe(0)
})

test('failures rise when they are half as often again as before, and when there were none before', () => {
  expect(isRising(share({ connected: 84, not_saved: 16 }), share({ connected: 90, not_saved: 10 }))).toBe(true)
  expect(isRising(share({ connected: 85, not_saved: 15 }), share({ connected: 90, not_saved: 10 }))).toBe(false)
  expect(isRising(share({ connected: 95, not_saved: 5 }), share({ connected: 400 }))).toBe(true)
})

test('a few failures are chance, however few attempts there were', () => {
  expect(isRising(share({ not_saved: 4 }), share({ connected: 400 }))).toBe(false)
})

test('every outcome is in one place of the list', () => {
  expect(new Set(allOutcomes).size).toBe(allOutcomes.length)
})
