import 'server-only'
import type { Actor, ResearcherActor } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import type { Tx } from '@/lib/db'
import { allFields, endGrants, openRefreshToken, refreshResearcher } from '@/lib/grants/commands'
import { exceeds } from '@/lib/grants/grant'
import { coversScopes } from '@/lib/orcid/scopes'

/**
 * How somebody can come to permit no more than they want to. `refresh`: by a narrower token in place of this grant's.
 * `connect_again`: nothing that lives covers all of what is kept, or ORCID gave no refresh token with it.
 */
export type NarrowingPlan =
  | { kind: 'unchanged' }
  | { kind: 'narrowed' }
  | { kind: 'connect_again' }
  | { kind: 'refresh'; grantId: string; clientId: string; refreshToken: string; accessToken: string; scopes: string[] }

/**
 * Decides how the researcher, whose row this transaction has locked, comes to permit no more than what is `kept`
 * and the iD. Where grants that permit nothing else cover that, the others end here and now.
 */
export async function planNarrowing(
  tx: Tx,
  actor: ResearcherActor,
  kept: readonly string[],
  requestId?: string,
): Promise<NarrowingPlan> {
  const { researcherId } = actor
  const keep = [...new Set([...kept, 'openid'])].sort()
  const live = await listLive(tx, researcherId)
  const wider = live.filter(({ scopes }) => exceeds(scopes, keep))
  if (wider.length === 0) return { kind: 'unchanged' }
  const within = live.filter((grant) => !wider.includes(grant))
  const scopesWithin = within.flatMap(({ scopes }) => scopes)
  if (coversScopes(scopesWithin, keep)) {
    await endGrants(tx, actor, researcherId, wider, { state: 'withdrawn_here', because: 'narrowed', requestId })
    await refreshResearcher(tx, researcherId)
    await noteNarrowed(tx, actor, researcherId, keep, { requestId })
    return { kind: 'narrowed' }
  }
  for (const grant of wider) {
    const scopes = grant.scopes.filter((scope) => !exceeds([scope], keep))
    // ORCID refused its token: it is not used until that is cleared.
    if (grant.finding === 'being_checked') continue
    const tokens = coversScopes(scopes, keep) ? openRefreshToken(grant) : null
    if (tokens) return { kind: 'refresh', grantId: grant.id, clientId: grant.clientId, scopes, ...tokens }
  }
  return { kind: 'connect_again' }
}

/**
 * Ends every grant of a researcher that permits more than `keep`, except the one that was just saved to take their
 * place. The researcher is locked by this transaction.
 */
export async function endWiderGrants(
  tx: Tx,
  actor: Actor,
  researcherId: string,
  keep: readonly string[],
  saved: { grantId: string; attemptId: string; requestId?: string },
): Promise<void> {
  const live = await listLive(tx, researcherId)
  const wider = live.filter(({ id, scopes }) => id !== saved.grantId && exceeds(scopes, keep))
  await endGrants(tx, actor, researcherId, wider, { state: 'superseded', supersededById: saved.grantId })
  await refreshResearcher(tx, researcherId)
  await noteNarrowed(tx, actor, researcherId, keep, saved)
}

/** Whether a grant is live, for whoever has asked ORCID on the strength of it. */
export async function isLive(tx: Tx, grantId: string): Promise<boolean> {
  return (await tx.grant.count({ where: { id: grantId, state: 'live' } })) > 0
}

/** Newest first. */
function listLive(tx: Tx, researcherId: string) {
  return tx.grant.findMany({
    where: { researcherId, state: 'live' },
    orderBy: [{ grantedAt: 'desc' }, { id: 'desc' }],
    select: allFields,
  })
}

function noteNarrowed(
  tx: Tx,
  actor: Actor,
  researcherId: string,
  keep: readonly string[],
  about: { grantId?: string; attemptId?: string; requestId?: string },
): Promise<void> {
  return recordEvent(tx, actor, { action: 'grant.narrowed', researcherId, ...about, detail: { scopes: [...keep] } })
}
