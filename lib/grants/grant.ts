import { coversScopes, isIdentityOnly, parseScopes, scopeClosure } from '@/lib/orcid/scopes'

export const endStates = [
  'superseded',
  'withdrawn_here',
  'ended_here',
  'withdrawn_at_orcid',
  'expired',
  'code_reused',
  'record_deprecated',
  'record_deactivated',
] as const

export type EndState = (typeof endStates)[number]

export type GrantFacts = {
  id: string
  state: 'live' | EndState
  scopes: string[]
  /** For each scope, in order, the start of its unbroken permission. */
  firstGrantedAt: Date[]
  grantedAt: Date
  expiresAt: Date
  endedAt: Date | null
}

export type Connection = {
  state: 'connected' | 'identity_only' | 'withdrawn' | 'expired'
  liveScopes: string[]
  liveScopesGivenAt: Date[]
  firstConnectedAt: Date | null
  lastConfirmedAt: Date | null
  expiresAt: Date | null
  withdrewAt: Date | null
}

/** Derives a connection from all grants of a person. Signing in after a withdrawal leaves them withdrawn. */
export function deriveConnection(grants: readonly GrantFacts[]): Connection {
  const live = grants.filter(({ state }) => state === 'live')
  const permissions = grants.filter(({ scopes }) => !isIdentityOnly(scopes))
  const livePermissions = permissions.filter(({ state }) => state === 'live')
  const given = permissions.map(({ grantedAt }) => grantedAt)
  const liveScopes = parseScopes(live.flatMap(({ scopes }) => scopes).join(' '))
  return {
    state: toState(livePermissions, live, findLastEnd(permissions.length > 0 ? permissions : grants)),
    liveScopes,
    liveScopesGivenAt: liveScopes.map((scope) => firstGiven(scope, live)),
    firstConnectedAt: extreme(given, Math.min),
    lastConfirmedAt: extreme(given, Math.max),
    expiresAt: extreme(
      livePermissions.map(({ expiresAt }) => expiresAt),
      Math.min,
    ),
    withdrewAt: extreme(listWithdrawals(permissions.length > 0 ? permissions : grants), Math.max),
  }
}

function toState(
  livePermissions: readonly GrantFacts[],
  live: readonly GrantFacts[],
  last: GrantFacts | undefined,
): Connection['state'] {
  if (livePermissions.length > 0) return 'connected'
  const permittedMore = last && !isIdentityOnly(last.scopes)
  if (live.length > 0 && !permittedMore) return 'identity_only'
  return !last || isWithdrawn(last) ? 'withdrawn' : 'expired'
}

const isWithdrawn = ({ state }: Pick<GrantFacts, 'state'>) =>
  state === 'withdrawn_here' || state === 'withdrawn_at_orcid'

/** The times of withdrawals that left no grant. A grant that ends beside another is no withdrawal. */
function listWithdrawals(grants: readonly GrantFacts[]): Date[] {
  return grants.flatMap((grant) => {
    const { endedAt } = grant
    if (!isWithdrawn(grant) || !endedAt) return []
    const goesOn = (other: GrantFacts) => other.grantedAt <= endedAt && (!other.endedAt || other.endedAt > endedAt)
    return grants.some(goesOn) ? [] : [endedAt]
  })
}

function firstGiven(scope: string, live: readonly GrantFacts[]): Date {
  const times = live.filter(({ scopes }) => scopes.includes(scope)).map((grant) => Number(givenAt(grant, scope)))
  return new Date(Math.min(...times))
}

/** The start of a scope's unbroken permission. */
export function givenAt(grant: Pick<GrantFacts, 'scopes' | 'firstGrantedAt' | 'grantedAt'>, scope: string): Date {
  return grant.firstGrantedAt[grant.scopes.indexOf(scope)] ?? grant.grantedAt
}

/** `firstGrantedAt` of a new grant: scopes that a live grant includes keep their start, the others start now. */
export function carryOverFirstGrantedAt(
  scopes: readonly string[],
  grantedAt: Date,
  live: readonly Pick<GrantFacts, 'scopes' | 'firstGrantedAt' | 'grantedAt'>[],
): Date[] {
  const earlier = live.flatMap((grant) =>
    grant.scopes.map((scope) => ({ permits: scopeClosure([scope]), since: Number(givenAt(grant, scope)) })),
  )
  return scopes.map((scope) => {
    const since = earlier.filter(({ permits }) => permits.has(scope)).map((each) => each.since)
    return new Date(Math.min(Number(grantedAt), ...since))
  })
}

/** The grant that ended last. At equal times, the later state in `endStates` wins. */
function findLastEnd<G extends Pick<GrantFacts, 'state' | 'endedAt'>>(grants: readonly G[]): G | undefined {
  const ended = endStates.flatMap((state) => grants.filter((grant) => grant.state === state && grant.endedAt))
  return ended.reverse().sort((a, b) => Number(b.endedAt) - Number(a.endedAt))[0]
}

/** Explained in `prisma/schema/checks.prisma`. */
export type Finding =
  | 'good'
  | 'insufficient'
  | 'wrong_record'
  | 'record_locked'
  | 'withdrawn_at_orcid'
  | 'record_deprecated'
  | 'record_deactivated'
  | 'unanswered'
  | 'being_checked'

export type CheckedGrant = Pick<GrantFacts, 'state' | 'scopes' | 'endedAt'> & {
  finding: Finding | null
  lastCheckedAt: Date | null
  unansweredSince: Date | null
}

export type CheckStatus = { finding: Finding | null; lastCheckedAt: Date | null; unansweredSince: Date | null }

const worstFirst = ['wrong_record', 'record_locked', 'being_checked', 'insufficient', 'good'] as const

/** ORCID reported these ends. The tokens stay for a while, because one good answer revives the grant. */
export const endedByOrcid = ['withdrawn_at_orcid', 'record_deprecated', 'record_deactivated'] as const

/** Whether ORCID ended it, so that one good answer revives it. */
export function isEndedByOrcid(state: GrantFacts['state']): boolean {
  return endedByOrcid.some((each) => each === state)
}

const identityProblems = ['wrong_record', 'record_locked'] as const

/**
 * Derives the worst finding about live permissions, and the time of the last check. Without a live permission, the
 * finding is how ORCID ended the last one, unless the remaining iD fails too. Null if never checked or ended otherwise.
 */
export function deriveCheckStatus(grants: readonly CheckedGrant[]): CheckStatus {
  const live = grants.filter(({ state }) => state === 'live')
  const permissions = grants.filter(({ scopes }) => !isIdentityOnly(scopes))
  const own = permissions.length > 0 ? permissions : grants
  const hasLive = own.some(({ state }) => state === 'live')
  const worst = (of: readonly Finding[]) => of.find((finding) => live.some((grant) => grant.finding === finding))
  const last = findLastEnd(own)?.state
  const endedAs = endedByOrcid.find((state) => state === last)
  const times = (of: readonly CheckedGrant[], time: 'lastCheckedAt' | 'unansweredSince') =>
    of.flatMap((grant) => grant[time] ?? [])
  return {
    finding: (hasLive ? worst(worstFirst) : (worst(identityProblems) ?? endedAs)) ?? null,
    lastCheckedAt: extreme(times(live.length > 0 ? live : grants, 'lastCheckedAt'), Math.max),
    unansweredSince: extreme(times(live, 'unansweredSince'), Math.min),
  }
}

function extreme(dates: Date[], pick: (...times: number[]) => number): Date | null {
  return dates.length > 0 ? new Date(pick(...dates.map(Number))) : null
}

/**
 * Whether a new grant replaces an earlier one: it covers the same scopes or more. Only identity alone replaces identity
 * alone: after its revocation, ORCID would ask for consent at every sign-in.
 */
export function supersedes(scopes: readonly string[], earlier: readonly string[]): boolean {
  if (isIdentityOnly(earlier)) return isIdentityOnly(scopes)
  return coversScopes(scopes, earlier)
}

export type ConnectOutcome = 'connected' | 'updated' | 'already_connected' | 'fewer'

/** Compares scopes by what each includes. */
export function connectOutcome(attempt: { asked: string[]; granted: string[]; liveBefore: string[] }): ConnectOutcome {
  const { asked, granted, liveBefore } = attempt
  if (!coversScopes(granted, asked)) return 'fewer'
  if (isIdentityOnly(liveBefore)) return 'connected'
  return coversScopes(liveBefore, granted) ? 'already_connected' : 'updated'
}

/** Whether a grant allows more than `keep` and identity. */
export function exceeds(scopes: readonly string[], keep: readonly string[]): boolean {
  return !coversScopes([...keep, 'openid'], scopes)
}
