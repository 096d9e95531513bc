import 'server-only'
import type { Actor, ResearcherActor } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import { inTransaction, type Tx } from '@/lib/db'
import { endGrants, liveFields, refreshResearcher } from '@/lib/grants/commands'
import { exceeds } from '@/lib/grants/grant'
import { coversScopes, isIdentityOnly } from '@/lib/orcid/scopes'
import { lockResearcher } from '@/lib/researchers/commands'

/**
 * Has the researcher who asks permit no more than what is `kept` and the iD. Where other grants cover that, the wider
 * ones end here and now. Otherwise only the researcher can do it, by connecting again with less (docs/decisions/028).
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
    const within = live.filter((grant) => !wider.includes(grant)).flatMap(({ scopes }) => scopes)
    if (!coversScopes(within, keep)) return 'connect_again'
    await endGrants(tx, actor, researcherId, wider, { state: 'withdrawn_here', because: 'narrowed', requestId })
    await refreshResearcher(tx, researcherId)
    await noteNarrowed(tx, actor, researcherId, keep, { requestId })
    return 'narrowed'
  })
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
  // An iD alone takes no permission's place: who keeps no more has withdrawn.
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

/** Newest first. */
function listLive(tx: Tx, researcherId: string) {
  return tx.grant.findMany({
    where: { researcherId, state: 'live' },
    orderBy: [{ grantedAt: 'desc' }, { id: 'desc' }],
    select: liveFields,
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
