import { expect, test } from 'vitest'
import { findEvidence, type LedgerComparison } from '@/lib/installation/restore-detection'

const owner = { registry: 'local', installedAt: '2026-11-21T12:00:00.000Z' }
const evidence = (
  status: LedgerComparison['status'],
  location: string | null = '7/5',
  lastLocation: string | null = '7/5',
) => findEvidence({ status, location, lastLocation, owner })

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
