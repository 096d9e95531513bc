import { endedByOrcid, type GrantFacts } from '@/lib/grants/grant'
import { coversScopes, isIdentityOnly } from '@/lib/orcid/scopes'

export type VisitedGrant = Pick<GrantFacts, 'id' | 'state' | 'scopes' | 'grantedAt'> & {
  attemptId: string
  supersededById: string | null
}

/**
 * The effect of one visit to ORCID. `undo` says what undoing it ends: the `visit`'s grant, or the whole `permission`,
 * if that grant replaced others that are gone. It is `nothing` if the visit added nothing, or its grant has ended.
 */
export type Visit = {
  undo: 'visit' | 'permission' | 'nothing'
  /** Scopes allowed before, and their start; null if only identity was. */
  before: string[]
  beforeSince: Date | null
  added: string[]
  takenBack: string[]
  /** Scopes that undoing the visit ends. */
  ends: string[]
}

const openStates = new Set<string>(['live', ...endedByOrcid])
const scopesOf = (grants: readonly VisitedGrant[]) => [...new Set(grants.flatMap(({ scopes }) => scopes))].sort()
const without = (scopes: readonly string[], covering: readonly string[]) =>
  scopes.filter((scope) => !coversScopes(covering, [scope]))

/** @param grants all grants of the person */
export function describeVisit(grants: readonly VisitedGrant[], attemptId: string): Visit {
  const others = grants.filter((grant) => grant.attemptId !== attemptId && grant.state === 'live')
  const othersNow = scopesOf(others)
  const granted = grants.find((grant) => grant.attemptId === attemptId && openStates.has(grant.state))
  if (!granted) {
    return { undo: 'nothing', before: othersNow, beforeSince: null, added: [], takenBack: [], ends: [] }
  }
  const replaced = grants.filter(({ supersededById }) => supersededById === granted.id)
  const previous = [...replaced, ...others.filter(({ grantedAt }) => grantedAt < granted.grantedAt)]
  const before = scopesOf(previous)
  const addsNothing = replaced.length > 0 && coversScopes(scopesOf(replaced), granted.scopes)
  const isMissed = !coversScopes(othersNow, scopesOf(replaced))
  return {
    undo: addsNothing ? 'nothing' : isMissed ? 'permission' : 'visit',
    before,
    beforeSince: findStart(grants, previous),
    added: without(granted.scopes, before),
    takenBack: without(before, [...granted.scopes, ...othersNow]),
    ends: without(granted.scopes, othersNow),
  }
}

/** The start of the chain of replaced grants that led to these. */
function findStart(grants: readonly VisitedGrant[], previous: readonly VisitedGrant[]): Date | null {
  const chain = new Set(previous.filter(({ scopes }) => !isIdentityOnly(scopes)))
  // Iterating over a Set includes elements added meanwhile.
  for (const { id } of chain) for (const earlier of grants) if (earlier.supersededById === id) chain.add(earlier)
  const times = [...chain].map(({ grantedAt }) => Number(grantedAt))
  return times.length > 0 ? new Date(Math.min(...times)) : null
}
