import 'server-only'
import type { Actor, ResearcherActor } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import { inTransaction, type Tx } from '@/lib/db'
import { endGrants, grantFacts, refreshResearcher } from '@/lib/grants/commands'
import { exceeds } from '@/lib/grants/grant'
import { coversScopes, isIdentityOnly } from '@/lib/orcid/scopes'
import { lockResearcher } from '@/lib/researchers/commands'

/**
 * Reduces the actor's grants to the scopes `kept` and the iD. Wider grants end if others cover these scopes. Otherwise
 * the researcher must connect again (docs/decisions/012).
 */
export function narrowMyGrants(
  actor: ResearcherActor,
  kept: readonly string[],
  requestId: string,
): Promise<'unchanged' | 'narrowed' | 'connect_again'> {
  const { researcherId } = actor
  const keep = [...new Set([...kept, 'openid'])].sort()
  return inTransaction(async (tx) => {
    await lockResearcher(tx, researcherId)
    const live = await listLive(tx, researcherId)
    const wider = live.filter(({ scopes }) => exceeds(scopes, keep))
    if (wider.length === 0) return 'unchanged'
    if (mustConnectAgain(live, keep)) return 'connect_again'
    await endGrants(tx, actor, researcherId, wider, { state: 'withdrawn_here', because: 'narrowed', requestId })
    await refreshResearcher(tx, researcherId)
    await noteNarrowed(tx, actor, researcherId, keep, { requestId })
    return 'narrowed'
  })
}

/** Whether ORCID has to be asked to leave no more than `kept` and the iD: no live grant without the rest covers these. */
export function mustConnectAgain(live: readonly { scopes: string[] }[], kept: readonly string[]): boolean {
  const keep = [...kept, 'openid']
  const narrow = live.filter(({ scopes }) => !exceeds(scopes, keep))
  return !coversScopes(
    narrow.flatMap(({ scopes }) => scopes),
    keep,
  )
}

/** Ends grants wider than `keep`, except the new one. The transaction must hold the lock on the researcher. */
export async function endWiderGrants(
  tx: Tx,
  actor: Actor,
  researcherId: string,
  keep: readonly string[],
  saved: { grantId: string; attemptId: string; requestId?: string },
): Promise<void> {
  const live = await listLive(tx, researcherId)
  const wider = live.filter(({ id, scopes }) => id !== saved.grantId && exceeds(scopes, keep))
  // An iD alone replaces no permission: keeping only the iD is a withdrawal.
  await endGrants(
    tx,
    actor,
    researcherId,
    wider,
    isIdentityOnly(keep)
      ? { state: 'withdrawn_here', because: 'narrowed', requestId: saved.requestId }
      : { state: 'superseded', supersededById: saved.grantId },
  )
  await refreshResearcher(tx, researcherId)
  await noteNarrowed(tx, actor, researcherId, keep, saved)
}

function listLive(tx: Tx, researcherId: string) {
  return tx.grant.findMany({
    where: { researcherId, state: 'live' },
    orderBy: [{ grantedAt: 'desc' }, { id: 'desc' }],
    select: grantFacts,
  })
}

function noteNarrowed(
  tx: Tx,
  actor: Actor,
  researcherId: string,
  keep: readonly string[],
  ids: { grantId?: string; attemptId?: string; requestId?: string },
): Promise<void> {
  return recordEvent(tx, actor, { action: 'grant.narrowed', researcherId, ...ids, detail: { scopes: [...keep] } })
}
