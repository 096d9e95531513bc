import 'server-only'
import type { Actor } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import type { Tx } from '@/lib/db'
import { refreshResearcher } from '@/lib/grants/commands'
import { endedByOrcid, type Finding } from '@/lib/grants/grant'
import { releaseHeldItems } from '@/lib/people/items'
import { findLockedResearcher, recordPrimary } from '@/lib/researchers/commands'

export type GrantEnding =
  | { state: 'withdrawn_at_orcid' | 'record_deactivated' }
  | { state: 'record_deprecated'; primaryOrcid: string | null }

const endEvents = {
  withdrawn_at_orcid: { action: 'grant.withdrawn_at_orcid' },
  record_deprecated: { action: 'grant.record_deprecated' },
  record_deactivated: { action: 'grant.record_deactivated' },
} as const

/** A live or revivable grant under the lock of its researcher's row. */
export type LockedGrant = {
  id: string
  researcherId: string
  isLive: boolean
  scopes: string[]
  finding: Finding | null
  unansweredSince: Date | null
}

/** Locks the researcher of a grant that ORCID can check, so that one person's grants change one by one; else null. */
export async function lockGrant(tx: Tx, grantId: string): Promise<LockedGrant | null> {
  const owner = await tx.grant.findUnique({ where: { id: grantId }, select: { researcherId: true } })
  if (!owner || !(await findLockedResearcher(tx, owner.researcherId))) return null
  const grant = await tx.grant.findFirst({
    where: { id: grantId, state: { in: ['live', ...endedByOrcid] }, sealedAccessToken: { not: null } },
    select: { id: true, researcherId: true, state: true, scopes: true, finding: true, unansweredSince: true },
  })
  if (!grant) return null
  const { state, ...rest } = grant
  return { ...rest, isLive: state === 'live' }
}

/**
 * Ends a live grant on ORCID's answer. Its tokens stay, because one good answer revives it. The person's other grants
 * become due for a check: they probably ended too.
 */
export async function endGrant(tx: Tx, actor: Actor, grant: LockedGrant, ending: GrantEnding): Promise<void> {
  const { id: grantId, researcherId, scopes } = grant
  const { state } = ending
  const now = new Date()
  const found = { finding: state, lastCheckedAt: now, unansweredSince: null }
  await tx.grant.update({
    where: { id: grantId },
    data: { state, endedAt: now, ...found, nextCheckAt: new Date(now.getTime() + keptCheckEveryMs) },
  })
  await tx.suspicion.deleteMany({ where: { grantId } })
  const others = { researcherId, state: 'live', suspicion: null } as const
  await tx.grant.updateMany({ where: others, data: { nextCheckAt: now } })
  await recordEvent(tx, actor, { ...endEvents[state], researcherId, grantId, detail: { scopes } })
  if (ending.state === 'record_deprecated' && ending.primaryOrcid) {
    await recordPrimary(tx, researcherId, ending.primaryOrcid)
  }
  await refreshResearcher(tx, researcherId)
}

export const keptCheckEveryMs = 24 * 60 * 60_000

/** Makes a grant live again after ORCID accepted its token. */
export async function reviveGrant(tx: Tx, actor: Actor, grant: LockedGrant, nextCheckAt: Date): Promise<void> {
  const { id: grantId, researcherId, scopes } = grant
  await tx.grant.update({
    where: { id: grantId },
    data: { state: 'live', endedAt: null, finding: 'good', lastCheckedAt: new Date(), nextCheckAt },
  })
  await recordEvent(tx, actor, { action: 'grant.revived', researcherId, grantId, detail: { scopes } })
  await refreshResearcher(tx, researcherId)
  await releaseHeldItems(tx, researcherId, scopes)
}

/** Saves a finding of a live grant. Any answer but a refusal clears a suspicion. */
export async function saveFinding(
  tx: Tx,
  { id, researcherId }: LockedGrant,
  { finding, nextCheckAt }: { finding: Finding; nextCheckAt: Date },
): Promise<void> {
  const data = { finding, lastCheckedAt: new Date(), unansweredSince: null, nextCheckAt }
  await tx.grant.update({ where: { id }, data })
  if (finding !== 'being_checked') await tx.suspicion.deleteMany({ where: { grantId: id } })
  await refreshResearcher(tx, researcherId)
}

/** Saves that ORCID did not answer. Nothing else about the grant changes. */
export async function saveUnanswered(tx: Tx, grant: LockedGrant, nextCheckAt: Date): Promise<void> {
  const { id, researcherId, unansweredSince } = grant
  await tx.grant.update({ where: { id }, data: { unansweredSince: unansweredSince ?? new Date(), nextCheckAt } })
  await refreshResearcher(tx, researcherId)
}
