import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { limitInFlight } from '@/lib/calls/in-flight'

describe('more calls at once than a process makes', () => {
  test('wait in order, ten seconds at most, and what is not begun by then is not begun at all', async () => {
    const release: (() => void)[] = []
    const begun: number[] = []
    const call = (id: number) =>
      limitInFlight(async () => {
        begun.push(id)
        await new Promise<void>((resolve) => release.push(resolve))
        return id
      })
    const first = Array.from({ length: 8 }, (_, id) => call(id))
    const startedAt = performance.now()
    const next = call(8)
    const late = [call(9), call(10)]
    await sleep(100)
    release[0]?.()
    expect(await first[0]).toBe(0)
    expect(await Promise.all(late)).toEqual([null, null])
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(9_900)
    for (const end of release) end()
    expect(await Promise.all([...first, next])).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
    expect(begun).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
    // The places of those who gave up are free again.
    const again = Array.from({ length: 8 }, (_, id) => limitInFlight(async () => id))
    expect(await Promise.all(again)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  })
})
