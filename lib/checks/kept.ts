import 'server-only'
import { system } from '@/lib/actor'
import { writeScopes } from '@/lib/affiliations/affiliation'
import { hasItemsOnRecord } from '@/lib/affiliations/queries'
import { db, inTransaction, isDatabaseAway, type Tx } from '@/lib/db'
import { unsealed } from '@/lib/grants/commands'
import { lockGrant } from '@/lib/grants/ending'
import { endedByOrcid } from '@/lib/grants/grant'
import { keptDays } from '@/lib/grants/kept'
import { log } from '@/lib/log'
import { coversScopes } from '@/lib/orcid/scopes'
import { requestGrantRevocation } from '@/lib/revocations/commands'

const batchSize = 200

/**
 * Gives up the tokens of grants that ORCID ended thirty days ago: destroyed here, and disabled at ORCID by a job. The one
 * exception is the access token with which ORCID lets us delete what we wrote to the record; it stays for that alone, as
 * long as any of it is left (decision 026).
 */
export async function giveUpOldTokens(): Promise<void> {
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
    for (const { id } of kept) await giveUpAlone(id)
    const last = kept.at(-1)
    if (!last || kept.length < batchSize) return
    after = last.id
  }
}

const noId = '00000000-0000-0000-0000-000000000000'

/** One grant that cannot be dealt with keeps no other from it. */
async function giveUpAlone(grantId: string): Promise<void> {
  try {
    await inTransaction((tx) => giveUp(tx, grantId))
  } catch (error) {
    if (isDatabaseAway(error)) throw error
    log().error({ grant: grantId, err: error }, 'failed to give up the tokens of an ended grant')
  }
}

async function giveUp(tx: Tx, grantId: string): Promise<void> {
  const locked = await lockGrant(tx, grantId)
  if (!locked || locked.isLive) return
  const { researcherId, scopes, finding } = locked
  const { sealedAccessToken: _stays, ...others } = unsealed
  const mayDelete = finding === 'withdrawn_at_orcid' && coversScopes(scopes, writeScopes)
  if (mayDelete && (await hasItemsOnRecord(tx, researcherId))) {
    await tx.grant.update({ where: { id: grantId }, data: others })
    return
  }
  await requestGrantRevocation(tx, system, { grantId, reason: 'ended_at_orcid', researcherId })
  await tx.grant.update({ where: { id: grantId }, data: unsealed })
}
