import { expect, test } from 'vitest'
import { groupByVisit } from '@/app/me/_components/visits'

const at = (minutes: number) => ({ at: new Date(minutes * 60_000) })

test('events less than half an hour apart are one visit, and a longer pause begins another', () => {
  const events = [at(200), at(171), at(142), at(112), at(0)]
  expect(groupByVisit(events)).toEqual([[at(200), at(171), at(142)], [at(112)], [at(0)]])
})

test('no events are no visit', () => {
  expect(groupByVisit([])).toEqual([])
})
