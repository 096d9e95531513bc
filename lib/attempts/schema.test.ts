import { expect, test } from 'vitest'
import type { AttemptOutcome } from '@/lib/attempts/outcome'
import { allOutcomes } from '@/lib/attempts/outcome'
import {
  attemptsHref,
  noAttemptFilters,
  outcomeGroups,
  outcomeNames,
  outcomesOf,
  parseAttemptFilters,
} from '@/lib/attempts/schema'

test('every outcome has a name of its own in addresses, and no group has the name of an outcome', () => {
  const isComplete: [Exclude<AttemptOutcome, (typeof allOutcomes)[number]>] extends [never] ? true : false = true
  expect(isComplete).toBe(true)
  const single = outcomeNames.slice(outcomeGroups.length)
  expect(single.flatMap((name) => outcomesOf(name))).toEqual([...allOutcomes])
  expect(new Set(outcomeNames).size).toBe(outcomeNames.length)
})

test('an address says what was asked for, and is read as it was written', () => {
  const id = '7b0c4c2e-3f1c-4d59-8a55-0d5f3e1f6a01'
  const cursor = { go: 'next', at: '2026-11-22T01:02:03.004Z', id } as const
  const filters = {
    q: 'Zoë, Ö',
    outcome: 'not-saved',
    purpose: 'sign_in',
    from: '2026-10-24',
    to: '2026-11-22',
    cursor,
  } as const
  for (const each of [filters, noAttemptFilters]) {
    const { searchParams } = new URL(attemptsHref(each), 'http://localhost')
    expect(parseAttemptFilters(searchParams)).toEqual({ filters: each, notices: [] })
  }
})

test('what is not one of ours is left out, and named', () => {
  const odd = { outcome: 'lost', purpose: ['connect', 'narrow'], from: '2026-02-30', to: '0001-01-01', cursor: 'x' }
  const { filters, notices } = parseAttemptFilters(odd)
  expect(filters).toEqual({ ...noAttemptFilters, purpose: 'connect' })
  expect(notices).toEqual(['outcome', 'purpose', 'from', 'to', 'cursor'])
})
