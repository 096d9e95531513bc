import 'server-only'
import type { Actor, ResearcherActor } from '@/lib/actor'
import { db, Prisma, type Tx } from '@/lib/db'
import { isKept, unsealed } from '@/lib/grants/commands'
import { requestGrantRevocation } from '@/lib/grants/revoking'
import { isIdentityOnly } from '@/lib/orcid/scopes'

/** For so many days the tokens of a grant that ORCID ended are kept, in case that was a fault at ORCID. */
export const keptDays = 30

/** Grants that ORCID ended less than thirty days ago and that are to be asked about, as SQL about the table `grant`. */
export const isKeptAndDue = Prisma.sql`(state in ('withdrawn_at_orcid', 'record_deprecated', 'record_deactivated')
  and sealed_access_token is not null and next_check_at <= now() and expires_at > now()
  and ended_at > now() - make_interval(days => ${keptDays}::int))`

/** Until when tokens are kept of what ORCID ended of the researcher who asks; null where none are. */
export async function findMyKeptUntil(actor: ResearcherActor): Promise<Date | null> {
  const { _max: last } = await db().grant.aggregate({
    where: { researcherId: actor.researcherId, ...isKept },
    _max: { endedAt: true },
  })
  return last.endedAt && new Date(last.endedAt.getTime() + keptDays * 86_400_000)
}

/**
 * Gives up the tokens of `kept` grants of a researcher, whom this transaction has locked, because they have connected
 * again: they are destroyed here, and a job has ORCID disable them. Identity alone takes the place of nothing but
 * identity.
 */
export async function giveUpKeptTokens(
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
