import { expect, test } from 'vitest'
import { type CountsInMemory, countInMemory } from '@/lib/rate-limit/memory'

test('somebody who goes on asking stays counted, however many others come', () => {
  const counts: CountsInMemory = new Map()
  let last = countInMemory(counts, 'me', 60)
  for (let other = 1; other <= 50_000; other++) {
    countInMemory(counts, `other ${other}`, 60)
    if (other % 10_000 === 0) last = countInMemory(counts, 'me', 60)
  }
  expect(last.hits).toBe(6)
  expect(counts.size).toBe(20_000)
})

test('a window begins anew when it is over', () => {
  const counts: CountsInMemory = new Map()
  countInMemory(counts, 'me', 60, 0)
  expect(countInMemory(counts, 'me', 60, 59_000)).toMatchObject({ hits: 2, leftS: 1 })
  expect(countInMemory(counts, 'me', 60, 60_000)).toMatchObject({ hits: 1, leftS: 60 })
})
