import { expect, test } from 'vitest'
import { rotateUnderTraffic } from '@/bench/rotation'

test('while keys are rotated nobody is refused, and what people withdraw meanwhile is revoked by its right token', async () => {
  const { failures, withdrawn, requests } = await rotateUnderTraffic(6_000)
  expect(failures).toEqual([])
  // How many fit in between depends on the machine; that some did shows that the two overlapped.
  expect(withdrawn).toBeGreaterThan(0)
  expect(requests).toBeGreaterThan(2 * withdrawn)
}, 180_000)
