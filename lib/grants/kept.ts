import 'server-only'
import type { Actor } from '@/lib/actor'
import { db, Prisma, type Tx } from '@/lib/db'
import { unsealed } from '@/lib/grants/commands'
import { endedByOrcid } from '@/lib/grants/grant'
import { isIdentityOnly } from '@/lib/orcid/scopes'
import { requestGrantRevocation } from '@/lib/revocations/commands'

/** For so many days the tokens of a grant that ORCID ended are kept, in case that was a fault at ORCID. */
export const keptDays = 30

const isKept = { state: { in: [...endedByOrcid] }, sealedAccessToken: { not: null } } satisfies Prisma.GrantWhereInput

/** Grants that ORCID ended less than thirty days ago and that are to be asked about, as SQL about the table `grant`. */
export const isKeptAndDue = Prisma.sql`(state in ('withdrawn_at_orcid', 'record_deprecated', 'record_deactivated')
  and sealed_access_token is not null and next_check_at <= now() and expires_at > now()
  and ended_at > now() - make_interval(days => ${keptDays}::int))`

/** How many grants of a researcher ORCID ended whose tokens are kept here. */
export function countKept(researcherId: string): Promise<number> {
  return db().grant.count({ where: { researcherId, ...isKept } })
}

/**
 * Gives up the kept tokens of a researcher, whom this transaction has locked, because they connected again, withdrew or
 * are being erased: destroyed here, and disabled at ORCID by a job.
 *
 * @param because the scopes of a new grant; identity alone takes the place of nothing but identity
 */
export async function giveUpKeptTokens(
  tx: Tx,
  actor: Actor,
  researcherId: string,
  because?: readonly string[],
): Promise<number> {
  const kept = await tx.grant.findMany({
    where: { researcherId, ...isKept },
    select: { id: true, scopes: true, clientId: true, sealedAccessToken: true },
  })
  const given = kept.filter(({ scopes }) => !because || !isIdentityOnly(because) || isIdentityOnly(scopes))
  for (const { id: grantId, clientId, sealedAccessToken } of given) {
    if (!sealedAccessToken) continue
    const wanted = { grantId, sealedAccessToken, clientId, reason: 'ended_at_orcid', researcherId } as const
    await requestGrantRevocation(tx, actor, wanted)
  }
  await tx.grant.updateMany({ where: { id: { in: given.map(({ id }) => id) } }, data: unsealed })
  return given.length
}
