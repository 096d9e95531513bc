import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addRefusal, isConfirmed, nextRefusalCheckAt, type Suspicion } from '@/lib/checks/suspicion'

const hour = 3_600_000
const confirmMs = 24 * hour
const at = (ms: number) => new Date(Date.UTC(2026, 10, 1) + ms)

/** The end of a permission after refusals at these moments, or null. */
function confirmedAt(moments: readonly number[]): number | null {
  let suspicion: Suspicion | null = null
  for (const moment of moments) {
    suspicion = addRefusal(suspicion, confirmMs, at(moment))
    if (isConfirmed(suspicion, confirmMs)) return moment
  }
  return null
}

describe('a refusal of ORCID', () => {
  test('is confirmed by three over a day, and by nothing less', () => {
    expect(confirmedAt([0, hour, 24 * hour])).toBe(24 * hour)
    expect(confirmedAt([0, hour, 24 * hour - 1])).toBeNull()
    expect(confirmedAt([0, 24 * hour])).toBeNull()
    expect(confirmedAt([0, 30 * hour, 31 * hour])).toBe(31 * hour)
  })

  test('that follows another within minutes does not count again, however many there are', () => {
    expect(confirmedAt([0, 1, 2, 3, 24 * hour])).toBeNull()
    fc.assert(
      fc.property(fc.array(fc.nat(4 * 60_000), { minLength: 1, maxLength: 50 }), (moments) => {
        expect(confirmedAt([...moments.sort((a, b) => a - b), 25 * hour])).toBeNull()
      }),
    )
  })

  test('is asked about again after minutes, an hour and a day, which confirms a withdrawal', () => {
    const moments: number[] = []
    let suspicion: Suspicion | null = null
    let now = at(0)
    do {
      moments.push(now.getTime() - at(0).getTime())
      suspicion = addRefusal(suspicion, confirmMs, now)
      now = nextRefusalCheckAt(suspicion, confirmMs, now)
    } while (!isConfirmed(suspicion, confirmMs))
    expect(moments.map((ms) => ms / 60_000)).toEqual([0, 5, 60, 24 * 60])
  })

  test('is asked about again in five minutes at the earliest, whenever the last question came', () => {
    fc.assert(
      fc.property(fc.nat(1_000 * hour), fc.integer({ min: 1, max: 9 }), (afterMs, refusals) => {
        const now = at(afterMs)
        const next = nextRefusalCheckAt({ since: at(0), lastAskedAt: now, refusals }, confirmMs, now)
        expect(next.getTime() - now.getTime()).toBeGreaterThanOrEqual(5 * 60_000)
        expect(next.getTime() - now.getTime()).toBeLessThanOrEqual(confirmMs)
      }),
    )
  })
})
