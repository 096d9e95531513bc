import 'server-only'
import type { Actor } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import type { Tx } from '@/lib/db'
import { refreshResearcher, unsealed } from '@/lib/grants/commands'
import type { Finding } from '@/lib/grants/grant'
import { findLockedResearcher, recordPrimary } from '@/lib/researchers/commands'

/** How ORCID ends a grant. Nothing but a definitive answer of ORCID is one of these. */
export type GrantEnding =
  | {
      state: 'withdrawn_at_orcid'
      /**
       * Whether items that we wrote are on the record: ORCID lets a token that its owner has withdrawn still delete
       * them, so the token is kept for that and nothing else, until `forgetKeptTokens`.
       */
      keepsAccessToken: boolean
    }
  | { state: 'record_deprecated'; primaryOrcid: string | null }
  | { state: 'record_deactivated' }

const events = {
  withdrawn_at_orcid: { action: 'grant.withdrawn_at_orcid' },
  record_deprecated: { action: 'grant.record_deprecated' },
  record_deactivated: { action: 'grant.record_deactivated' },
} as const

/**
 * Ends a live grant because ORCID said so, destroys its ciphertexts, and brings the researcher's row up to date. False
 * when it had ended already. The person's other grants are due to be checked at once: they probably share its fate.
 */
export async function endGrant(tx: Tx, actor: Actor, grantId: string, ending: GrantEnding): Promise<boolean> {
  const grant = await lockLiveGrant(tx, grantId)
  if (!grant) return false
  const { researcherId, scopes } = grant
  const { sealedAccessToken, ...others } = unsealed
  const keeps = ending.state === 'withdrawn_at_orcid' && ending.keepsAccessToken
  const now = new Date()
  await tx.grant.update({
    where: { id: grantId },
    data: {
      state: ending.state,
      endedAt: now,
      finding: ending.state,
      lastCheckedAt: now,
      unansweredSince: null,
      ...others,
      ...(keeps ? {} : { sealedAccessToken }),
    },
  })
  await tx.grant.updateMany({ where: { researcherId, state: 'live' }, data: { nextCheckAt: now } })
  await recordEvent(tx, actor, { ...events[ending.state], researcherId, grantId, detail: { scopes } })
  if (ending.state === 'record_deprecated' && ending.primaryOrcid) {
    await recordPrimary(tx, researcherId, ending.primaryOrcid)
  }
  await refreshResearcher(tx, researcherId)
  return true
}

export type Checked = { finding: Exclude<Finding, 'unanswered'>; nextCheckAt: Date }
export type Unanswered = { finding: 'unanswered'; nextCheckAt: Date }

/**
 * Writes down what a check found about a grant that goes on, and gives what was found before it; null when the grant
 * has ended meanwhile. Without an answer nothing about the grant changes but that it was asked for in vain.
 */
export async function noteFinding(
  tx: Tx,
  grantId: string,
  { finding, nextCheckAt }: Checked | Unanswered,
): Promise<{ researcherId: string; finding: Finding | null; unansweredSince: Date | null } | null> {
  const grant = await lockLiveGrant(tx, grantId)
  if (!grant) return null
  const now = new Date()
  const found =
    finding === 'unanswered'
      ? { unansweredSince: grant.unansweredSince ?? now }
      : { finding, lastCheckedAt: now, unansweredSince: null }
  await tx.grant.update({ where: { id: grantId }, data: { ...found, nextCheckAt } })
  await refreshResearcher(tx, grant.researcherId)
  return grant
}

/** Destroys what was kept to delete our items with, when there are none any more on this person's record. */
export async function forgetKeptTokens(tx: Tx, researcherId: string): Promise<void> {
  await tx.grant.updateMany({ where: { researcherId, state: 'withdrawn_at_orcid' }, data: unsealed })
}

/** A grant that is live under the lock of its researcher's row, so that changes to one person's grants come one by one. */
async function lockLiveGrant(tx: Tx, grantId: string) {
  const owner = await tx.grant.findUnique({ where: { id: grantId }, select: { researcherId: true } })
  if (!owner || !(await findLockedResearcher(tx, owner.researcherId))) return null
  return tx.grant.findFirst({
    where: { id: grantId, state: 'live' },
    select: { researcherId: true, scopes: true, finding: true, unansweredSince: true },
  })
}
