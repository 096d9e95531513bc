import { expect, test } from 'vitest'
import { rotateUnderTraffic } from '@/bench/rotation'

test('while keys are rotated nobody is refused, and what people withdraw meanwhile is revoked by its right token', async () => {
  const { failures, withdrawn, requests } = await rotateUnderTraffic(8_000)
  expect(failures).toEqual([])
  expect(withdrawn).toBeGreaterThan(5)
  expect(requests).toBeGreaterThan(2 * withdrawn)
}, 180_000)
