import 'server-only'
import type { Actor, ResearcherActor } from '@/lib/actor'
import { db, Prisma, type Tx } from '@/lib/db'
import { isKept, unsealed } from '@/lib/grants/commands'
import { requestGrantRevocation } from '@/lib/grants/revoking'
import { isIdentityOnly } from '@/lib/orcid/scopes'
import { isPaused } from '@/lib/researchers/condition'

/** ORCID may end a grant by mistake: its tokens stay this long. */
export const keptDays = 30

/** SQL condition on `grant`: ORCID ended it less than 30 days ago, and its check is due. */
export const isKeptAndDue = Prisma.sql`(state in ('withdrawn_at_orcid', 'record_deprecated', 'record_deactivated')
  and sealed_access_token is not null and next_check_at <= now() and expires_at > now()
  and not ${isPaused} and ended_at > now() - make_interval(days => ${keptDays}::int))`

/** Until when the tokens of the asking researcher’s ended grants are kept, or null. */
export async function findMyKeptUntil(actor: ResearcherActor): Promise<Date | null> {
  const { _max: last } = await db().grant.aggregate({
    where: { researcherId: actor.researcherId, ...isKept },
    _max: { endedAt: true },
  })
  return last.endedAt && new Date(last.endedAt.getTime() + keptDays * 86_400_000)
}

/**
 * Destroys the tokens of `kept` grants after a new connection, and requests their revocation. The transaction must hold
 * the lock on the researcher. Identity alone replaces only identity.
 */
export async function destroyKeptTokens(
  tx: Tx,
  actor: Actor,
  researcherId: string,
  kept: readonly { id: string; scopes: string[] }[],
  newScopes: readonly string[],
): Promise<void> {
  const ids = kept.filter(({ scopes }) => !isIdentityOnly(newScopes) || isIdentityOnly(scopes)).map(({ id }) => id)
  for (const grantId of ids) {
    await requestGrantRevocation(tx, actor, { grantId, reason: 'ended_at_orcid', researcherId })
  }
  if (ids.length > 0) await tx.grant.updateMany({ where: { id: { in: ids } }, data: unsealed })
}
