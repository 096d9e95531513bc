import { expect, test } from 'vitest'
import { type Bearings, findEvidence } from '@/lib/installation/ledger'

const owner = { registry: 'local', installedAt: '2026-11-21T12:00:00.000Z' }
const evidence = (standing: Bearings['standing'], place: string | null = '7/5', lastPlace: string | null = '7/5') =>
  findEvidence({ standing, place, lastPlace, owner })

test('a ledger that knows more, or is gone, is evidence of a restore, wherever the database is', () => {
  expect(evidence('ahead')).toBe('ledger_ahead')
  expect(evidence('missing')).toBe('ledger_missing')
})

test('another server or database is evidence, unless the ledger says that nothing is missing', () => {
  expect(evidence('no_ledger', '8/5')).toBe('moved')
  expect(evidence('new', '7/6')).toBe('moved')
  expect(evidence('in_step', '8/5')).toBeNull()
})

test('a database that stays where it is, was never asked, or may not be asked, is not held for that', () => {
  expect(evidence('no_ledger')).toBeNull()
  expect(evidence('no_ledger', '7/5', null)).toBeNull()
  expect(evidence('no_ledger', null, '7/5')).toBeNull()
})
