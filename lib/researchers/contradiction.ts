import { coversScopes, isIdentityOnly } from '@/lib/orcid/scopes'
import type { ResearcherFinding, ResearcherState } from '@/lib/researchers/researcher'
import type { FilterName, ListFilters, ListFinding, ListState } from '@/lib/researchers/schema'

/** The filters that can exclude one another, by the names that they have in the address. */
type Excluding = Exclude<FilterName, 'q' | 'withdrawn-since' | 'department' | 'local-id' | 'sort' | 'cursor'>

/** Two filters that no one can match at once. */
export type Contradiction = [Excluding, Excluding]

type Kind = { state: ResearcherState; finding: ResearcherFinding | null }
type Test = (kind: Kind) => boolean

// Every way to stand that `lib/grants/grant.ts` derives: findings are about what is live, or how the last grant ended.
const kinds: Kind[] = [
  ...(['connected', 'identity_only'] as const).flatMap((state) =>
    ([null, 'good', 'insufficient', 'being_checked', 'wrong_record', 'record_locked'] as const).map((finding) => ({
      state,
      finding,
    })),
  ),
  ...([null, 'withdrawn_at_orcid'] as const).map((finding) => ({ state: 'withdrawn' as const, finding })),
  ...([null, 'record_deprecated', 'record_deactivated'] as const).map((finding) => ({
    state: 'expired' as const,
    finding,
  })),
]

const isConnected: Test = ({ state }) => state === 'connected'
const isLive: Test = ({ state }) => state === 'connected' || state === 'identity_only'
const isChecked: Test = (kind) => kind.finding !== null || !isLive(kind)

const findings: Record<ListFinding, Test> = {
  good: ({ finding }) => finding === 'good',
  unchecked: (kind) => isLive(kind) && kind.finding === null,
  unanswered: isLive,
  'being-checked': ({ finding }) => finding === 'being_checked',
  locked: ({ finding }) => finding === 'record_locked',
  'wrong-record': ({ finding }) => finding === 'wrong_record',
  insufficient: ({ finding }) => finding === 'insufficient',
  'withdrawn-at-orcid': ({ finding }) => finding === 'withdrawn_at_orcid',
  deprecated: ({ finding }) => finding === 'record_deprecated',
  deactivated: ({ finding }) => finding === 'record_deactivated',
  due: isLive,
}

const states: Record<ListState, Test> = {
  connected: isConnected,
  'identity-only': ({ state }) => state === 'identity_only',
  withdrawn: ({ state }) => state === 'withdrawn',
  'withdrawn-here': ({ state, finding }) => state === 'withdrawn' && finding === null,
  'withdrawn-at-orcid': findings['withdrawn-at-orcid'],
  expiring: isConnected,
  expired: ({ state }) => state === 'expired',
  deprecated: findings.deprecated,
  deactivated: findings.deactivated,
  locked: findings.locked,
  conflict: () => true,
}

/** Two of the filters that exclude each other whoever is in the list, so that a page can say why nobody is; or null. */
export function findContradiction(filters: ListFilters): Contradiction | null {
  const { connectedFrom, connectedTo, checkedFrom, checkedBefore, scopes, lacks } = filters
  if (connectedFrom && connectedTo && connectedFrom > connectedTo) return ['connected-from', 'connected-to']
  if (checkedFrom && checkedBefore && checkedFrom >= checkedBefore) return ['checked-from', 'checked-before']
  if (lacks.length > 0 && coversScopes(scopes, lacks)) return ['scope', 'lacks']
  const tests = listTests(filters)
  for (const [position, [name, test]] of tests.entries()) {
    const other = tests.slice(position + 1).find(([, also]) => !kinds.some((kind) => test(kind) && also(kind)))
    if (other) return [name, other[0]]
  }
  return null
}

function listTests(filters: ListFilters): [Excluding, Test][] {
  const tests: [Excluding, Test][] = []
  if (filters.state) tests.push(['state', states[filters.state]])
  if (filters.finding) tests.push(['finding', findings[filters.finding]])
  if (filters.scopes.length > 0) tests.push(['scope', isIdentityOnly(filters.scopes) ? isLive : isConnected])
  if (filters.lacks.length > 0) tests.push(['lacks', isConnected])
  if (filters.expiringWithin) tests.push(['expiring-within', isConnected])
  if (filters.checkedFrom) tests.push(['checked-from', isChecked])
  if (filters.checkedBefore) tests.push(['checked-before', isChecked])
  return tests
}
