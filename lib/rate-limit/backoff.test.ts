import { describe, expect, test } from 'vitest'
import { backoffMs } from '@/lib/rate-limit/backoff'

describe('exponential backoff', () => {
  const backoff = { firstMs: 15_000, maxMs: 3_600_000 }

  test.each([
    [1, 15_000],
    [2, 30_000],
    [4, 120_000],
    [9, 3_600_000],
    [5_000, 3_600_000],
  ])('after %i failures waits %i ms, or up to a quarter less', (tries, mostMs) => {
    for (let i = 0; i < 100; i++) {
      expect(backoffMs(tries, backoff)).toBeLessThanOrEqual(mostMs)
      expect(backoffMs(tries, backoff)).toBeGreaterThanOrEqual(mostMs * 0.75)
    }
  })

  test('differs from call to call', () => {
    expect(new Set(Array.from({ length: 20 }, () => backoffMs(3, backoff))).size).toBeGreaterThan(1)
  })
})
