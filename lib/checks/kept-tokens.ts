import 'server-only'
import { system } from '@/lib/actor'
import { hasItemsOnRecord } from '@/lib/affiliations/queries'
import { db, inTransaction, type Tx } from '@/lib/db'
import { unsealed } from '@/lib/grants/commands'
import { lockGrant } from '@/lib/grants/ending'
import { endedByOrcid } from '@/lib/grants/grant'
import { keptDays } from '@/lib/grants/kept-tokens'
import { requestGrantRevocation } from '@/lib/grants/revoking'
import { forEachRow } from '@/lib/jobs/rows'
import { coversScopes, writeScopes } from '@/lib/orcid/scopes'

const batchSize = 200

/**
 * Destroys the tokens of grants that ORCID ended `keptDays` ago, and requests their revocation. An access token stays
 * while it can delete affiliations that we wrote to the record (decision 013).
 */
export async function destroyOldTokens(): Promise<void> {
  const before = new Date(Date.now() - keptDays * 86_400_000)
  for (let after = noId; ; ) {
    const kept = await db().grant.findMany({
      where: {
        id: { gt: after },
        state: { in: [...endedByOrcid] },
        sealedAccessToken: { not: null },
        endedAt: { lt: before },
      },
      orderBy: { id: 'asc' },
      take: batchSize,
      select: { id: true },
    })
    const ids = kept.map(({ id }) => id)
    await forEachRow('destroying kept tokens', ids, (id) => inTransaction((tx) => destroyTokens(tx, id)))
    const last = kept.at(-1)
    if (!last || kept.length < batchSize) return
    after = last.id
  }
}

const noId = '00000000-0000-0000-0000-000000000000'

async function destroyTokens(tx: Tx, grantId: string): Promise<void> {
  const locked = await lockGrant(tx, grantId)
  if (!locked || locked.isLive) return
  const { researcherId, scopes, finding } = locked
  const { sealedAccessToken: _accessToken, ...otherTokens } = unsealed
  const mayDelete = finding === 'withdrawn_at_orcid' && coversScopes(scopes, writeScopes)
  if (mayDelete && (await hasItemsOnRecord(tx, researcherId))) {
    await tx.grant.update({ where: { id: grantId }, data: otherTokens })
    return
  }
  await requestGrantRevocation(tx, system, { grantId, reason: 'ended_at_orcid', researcherId })
  await tx.grant.update({ where: { id: grantId }, data: unsealed })
}
