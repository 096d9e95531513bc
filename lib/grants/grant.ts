import { coversScopes, isIdentityOnly, parseScopes } from '@/lib/orcid/scopes'

/** What a grant can end as. */
export const endStates = [
  'superseded',
  'withdrawn_here',
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
  grantedAt: Date
  expiresAt: Date
  endedAt: Date | null
}

export type Connection = {
  state: 'connected' | 'identity_only' | 'withdrawn' | 'expired'
  liveScopes: string[]
  connectedAt: Date | null
  expiresAt: Date | null
  withdrawnAt: Date | null
}

/** What a person permits now, from all their grants: the union over the live ones. */
export function deriveConnection(grants: readonly GrantFacts[]): Connection {
  const live = grants.filter(({ state }) => state === 'live')
  const beyond = live.filter(({ scopes }) => !isIdentityOnly(scopes))
  const withdrawn = grants.filter(({ state }) => state === 'withdrawn_here' || state === 'withdrawn_at_orcid')
  const lastEnd = findLastEnd(grants)
  const lastWasWithdrawn = lastEnd === 'withdrawn_here' || lastEnd === 'withdrawn_at_orcid'
  const ended = lastWasWithdrawn || !lastEnd ? 'withdrawn' : 'expired'
  return {
    state: beyond.length > 0 ? 'connected' : live.length > 0 ? 'identity_only' : ended,
    liveScopes: parseScopes(live.flatMap(({ scopes }) => scopes).join(' ')),
    connectedAt: extreme(
      beyond.map(({ grantedAt }) => grantedAt),
      Math.max,
    ),
    expiresAt: extreme(
      beyond.map(({ expiresAt }) => expiresAt),
      Math.min,
    ),
    withdrawnAt: extreme(
      withdrawn.flatMap(({ endedAt }) => (endedAt ? [endedAt] : [])),
      Math.max,
    ),
  }
}

/** What the grant that ended last ended as. Of several that ended in one moment the later in `endStates` counts. */
function findLastEnd(grants: readonly Pick<GrantFacts, 'state' | 'endedAt'>[]): GrantFacts['state'] | undefined {
  const ended = endStates.flatMap((state) => grants.filter((grant) => grant.state === state && grant.endedAt))
  return ended.reverse().sort((a, b) => Number(b.endedAt) - Number(a.endedAt))[0]?.state
}

/** What ORCID said about a grant, as `prisma/schema/checks.prisma` explains it. */
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

export type CheckedGrant = Pick<GrantFacts, 'state' | 'endedAt'> & {
  finding: Finding | null
  lastCheckedAt: Date | null
  unansweredSince: Date | null
}

export type Standing = { finding: Finding | null; lastCheckedAt: Date | null; unansweredSince: Date | null }

const worstFirst = ['wrong_record', 'record_locked', 'being_checked', 'insufficient', 'good'] as const

/** Ends that ORCID told us of. The tokens of such a grant are kept for a while, and one good answer revives it. */
export const endedByOrcid = ['withdrawn_at_orcid', 'record_deprecated', 'record_deactivated'] as const

export function isEndedByOrcid(state: GrantFacts['state']): boolean {
  return endedByOrcid.some((each) => each === state)
}

/**
 * How somebody's grants stand with ORCID: the worst finding about a live one and when one of these was checked last or,
 * where none is live, how ORCID ended the last one and when any was checked last; null where they were never checked, or
 * ended in another way.
 */
export function deriveStanding(grants: readonly CheckedGrant[]): Standing {
  const live = grants.filter(({ state }) => state === 'live')
  const last = findLastEnd(grants)
  const worst = worstFirst.find((finding) => live.some((grant) => grant.finding === finding))
  const loss = endedByOrcid.find((state) => state === last)
  const times = (of: readonly CheckedGrant[], time: 'lastCheckedAt' | 'unansweredSince') =>
    of.flatMap((grant) => grant[time] ?? [])
  return {
    finding: (live.length > 0 ? worst : loss) ?? null,
    lastCheckedAt: extreme(times(live.length > 0 ? live : grants, 'lastCheckedAt'), Math.max),
    unansweredSince: extreme(times(live, 'unansweredSince'), Math.min),
  }
}

function extreme(dates: Date[], pick: (...times: number[]) => number): Date | null {
  return dates.length > 0 ? new Date(pick(...dates.map(Number))) : null
}

/**
 * Whether a new grant takes the place of an earlier one. One that covers the same scopes or more does; a narrower one
 * stands beside. Identity alone gives way only to identity alone: revoking it would bring ORCID's consent page back at
 * every sign-in.
 */
export function supersedes(scopes: readonly string[], earlier: readonly string[]): boolean {
  if (isIdentityOnly(earlier)) return isIdentityOnly(scopes)
  return coversScopes(scopes, earlier)
}

export type ConnectOutcome = 'connected' | 'updated' | 'already_connected' | 'fewer'

/** What an attempt has changed, for the person who made it. Scopes are compared as sets, by what each includes. */
export function connectOutcome(attempt: { asked: string[]; granted: string[]; liveBefore: string[] }): ConnectOutcome {
  const { asked, granted, liveBefore } = attempt
  if (!coversScopes(granted, asked)) return 'fewer'
  if (isIdentityOnly(liveBefore)) return 'connected'
  return coversScopes(liveBefore, granted) ? 'already_connected' : 'updated'
}

/** Whether a grant permits anything beyond what somebody keeps. Identity is no permission to be given up. */
export function exceeds(scopes: readonly string[], keep: readonly string[]): boolean {
  return !coversScopes([...keep, 'openid'], scopes)
}
