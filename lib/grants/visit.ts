import { endedByOrcid, type GrantFacts } from '@/lib/grants/grant'
import { coversScopes, isIdentityOnly } from '@/lib/orcid/scopes'

export type VisitedGrant = Pick<GrantFacts, 'id' | 'state' | 'scopes' | 'grantedAt'> & {
  attemptId: string
  supersededById: string | null
}

/**
 * What one visit to ORCID did to somebody's permission. `undo` is what undoing the visit ends: nothing but what the
 * `visit` brought, or the whole `permission`, because the visit's grant replaced narrower ones that are gone. It is
 * `nothing` where the visit added nothing to what it replaced, or its grant has ended.
 */
export type Visit = {
  undo: 'visit' | 'permission' | 'nothing'
  /** Scopes that were permitted before, and since when; null where nothing beyond identity was. */
  before: string[]
  beforeSince: Date | null
  added: string[]
  takenBack: string[]
  /** Scopes that nothing permits any more once the visit is undone. */
  ends: string[]
}

const openStates = new Set<string>(['live', ...endedByOrcid])
const scopesOf = (grants: readonly VisitedGrant[]) => [...new Set(grants.flatMap(({ scopes }) => scopes))].sort()
const without = (scopes: readonly string[], covering: readonly string[]) =>
  scopes.filter((scope) => !coversScopes(covering, [scope]))

/** Compares the grant of an attempt with the person's other grants, of which `grants` has all. */
export function describeVisit(grants: readonly VisitedGrant[], attemptId: string): Visit {
  const others = grants.filter((grant) => grant.attemptId !== attemptId && grant.state === 'live')
  const othersNow = scopesOf(others)
  const brought = grants.find((grant) => grant.attemptId === attemptId && openStates.has(grant.state))
  if (!brought) {
    return { undo: 'nothing', before: othersNow, beforeSince: null, added: [], takenBack: [], ends: [] }
  }
  const replaced = grants.filter(({ supersededById }) => supersededById === brought.id)
  const standing = [...replaced, ...others.filter(({ grantedAt }) => grantedAt < brought.grantedAt)]
  const before = scopesOf(standing)
  const addsNothing = replaced.length > 0 && coversScopes(scopesOf(replaced), brought.scopes)
  const isMissed = !coversScopes(othersNow, scopesOf(replaced))
  return {
    undo: addsNothing ? 'nothing' : isMissed ? 'permission' : 'visit',
    before,
    beforeSince: findStart(grants, standing),
    added: without(brought.scopes, before),
    takenBack: without(before, [...brought.scopes, ...othersNow]),
    ends: without(brought.scopes, othersNow),
  }
}

/** When the first of the grants was given that led to these, each of which replaced the one before it. */
function findStart(grants: readonly VisitedGrant[], standing: readonly VisitedGrant[]): Date | null {
  const line = new Set(standing.filter(({ scopes }) => !isIdentityOnly(scopes)))
  // A set goes on to what is added to it meanwhile.
  for (const { id } of line) for (const earlier of grants) if (earlier.supersededById === id) line.add(earlier)
  const times = [...line].map(({ grantedAt }) => Number(grantedAt))
  return times.length > 0 ? new Date(Math.min(...times)) : null
}
