import { describe, expect, test } from 'vitest'
import { findContradiction } from '@/lib/researchers/contradiction'
import { type ListFilters, noFilters } from '@/lib/researchers/schema'

const find = (filters: Partial<ListFilters>) => findContradiction({ ...noFilters, ...filters })

describe('filters exclude each other', () => {
  test.each<[Partial<ListFilters>, string[]]>([
    [{ state: 'withdrawn', scopes: ['/read-limited'] }, ['state', 'scope']],
    [{ state: 'identity-only', scopes: ['/read-limited', 'openid'] }, ['state', 'scope']],
    [{ state: 'expired', lacks: ['/read-limited'] }, ['state', 'lacks']],
    [{ state: 'deactivated', expiringWithin: 3 }, ['state', 'expiring-within']],
    [{ state: 'withdrawn-here', finding: 'withdrawn-at-orcid' }, ['state', 'finding']],
    [{ state: 'locked', finding: 'good' }, ['state', 'finding']],
    [{ finding: 'deprecated', scopes: ['openid'] }, ['finding', 'scope']],
    [{ scopes: ['/read-limited'], lacks: ['/read-limited'] }, ['scope', 'lacks']],
    [{ connectedFrom: '2026-02-01', connectedTo: '2026-01-31' }, ['connected-from', 'connected-to']],
    [{ checkedFrom: '2026-02-01', checkedBefore: '2026-02-01' }, ['checked-from', 'checked-before']],
    [{ finding: 'unchecked', checkedBefore: '2026-02-01' }, ['finding', 'checked-before']],
    [{ state: 'withdrawn', finding: 'due' }, ['state', 'finding']],
  ])('%o', (filters, names) => {
    expect(find(filters)).toEqual(names)
  })
})

describe('filters that somebody can match at once do not', () => {
  test.each<Partial<ListFilters>>([
    {},
    { state: 'conflict', finding: 'deprecated' },
    { state: 'connected', finding: 'insufficient', scopes: ['/read-limited'], lacks: ['/activities/update'] },
    { state: 'identity-only', scopes: ['openid'], finding: 'unanswered' },
    { state: 'connected', withdrawnSince: '2020-01-01', checkedBefore: '2019-01-01' },
    { connectedFrom: '2026-02-01', connectedTo: '2026-02-01', expiringWithin: 12, state: 'expiring' },
    { state: 'identity-only', finding: 'due', checkedFrom: '2026-02-01', checkedBefore: '2026-02-02' },
    { scopes: ['/read-limited'], lacks: ['/activities/update', '/read-limited'] },
  ])('%o', (filters) => {
    expect(find(filters)).toBeNull()
  })
})
