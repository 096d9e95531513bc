import 'server-only'
import { z } from 'zod'
import { system } from '@/lib/actor'
import type { Attempt, AttemptOutcome } from '@/lib/attempts/attempt'
import { recordEvent } from '@/lib/audit/commands'
import { inTransaction, Prisma, queryRows, type Tx } from '@/lib/db'
import { connectOutcome } from '@/lib/grants/grant'
import { endWiderGrants } from '@/lib/grants/narrowing'
import { saveGrant, sealGrant } from '@/lib/grants/saving'
import type { TokenResponse } from '@/lib/orcid/oauth'
import { isIdentityOnly } from '@/lib/orcid/scopes'
import { linkMerged, lockAuthenticatedResearcher } from '@/lib/researchers/commands'
import { startSession } from '@/lib/sessions/commands'
import { noteStaffName } from '@/lib/staff/commands'
import { acceptInvitation } from '@/lib/staff/invitations'

/** Recovery has taken over the attempt meanwhile: the token that was just issued must be revoked, not recorded. */
export class ClaimLostError extends Error {
  override readonly name = 'ClaimLostError'
}

type Recorded = { outcome: AttemptOutcome; researcherId: string; sessionId: string }

/**
 * Records what ORCID granted, all of it in one transaction: the researcher, the grant, earlier grants that it supersedes
 * with their revocations, the session, the attempt's end, and the events.
 *
 * @param beforeCommit called last, before COMMIT is sent: a failure later than that leaves the result unknown
 * @throws ClaimLostError when the attempt is no longer this callback's
 */
export async function recordGrant(
  attempt: Attempt,
  tokens: TokenResponse,
  requestId: string,
  beforeCommit: () => void,
): Promise<Recorded> {
  const attemptId = attempt.id
  const grant = await sealGrant(attempt, tokens)
  return inTransaction(async (tx) => {
    // The attempt first, then the researcher: an erasure takes these locks in the same order.
    const { startedById, staffInvitationId } = await lockExchanging(tx, attemptId)
    const researcher = await lockAuthenticatedResearcher(tx, tokens)
    const researcherId = researcher.id
    const liveBefore = await saveGrant(tx, researcherId, grant, requestId)
    const outcome = outcomeOf({ ...attempt, startedById }, tokens, liveBefore, researcherId)
    await tx.authorizationAttempt.update({
      where: { id: attemptId },
      data: { state: 'saved', outcome, researcherId, endedAt: new Date(), sealedCode: null },
      select: { id: true },
    })
    const detail = { outcome }
    await recordEvent(tx, system, { action: 'attempt.ended', researcherId, attemptId, requestId, detail })
    const actor = await startSession(tx, researcher, attemptId, requestId)
    await linkMerged(tx, tokens.orcid)
    // The wider grants end after the narrower one is saved, and only when it is the same person who came back.
    const narrower = { grantId: grant.id, attemptId, requestId }
    if (outcome === 'narrowed') await endWiderGrants(tx, actor, researcherId, attempt.scopesAsked, narrower)
    if (staffInvitationId) await acceptInvitation(tx, staffInvitationId, actor, requestId)
    await noteStaffName(tx, tokens.orcid, tokens.name)
    beforeCommit()
    return { outcome, researcherId, sessionId: actor.sessionId }
  })
}

const lockedAttempt = z.object({ startedById: z.string().nullable(), staffInvitationId: z.string().nullable() })

/** Locks the attempt, and reads again who began it: they may have been erased while the person was at ORCID. */
async function lockExchanging(tx: Tx, id: string): Promise<z.infer<typeof lockedAttempt>> {
  const [attempt] = await queryRows(
    tx,
    lockedAttempt,
    Prisma.sql`
      select started_by_id as "startedById", staff_invitation_id as "staffInvitationId"
      from authorization_attempt where id = ${id}::uuid and state = 'exchanging' for update`,
  )
  if (!attempt) throw new ClaimLostError()
  return attempt
}

function outcomeOf(
  attempt: Attempt,
  tokens: TokenResponse,
  liveBefore: string[],
  researcherId: string,
): AttemptOutcome {
  if (attempt.startedById && attempt.startedById !== researcherId) return 'different_id'
  if (attempt.purpose === 'narrow' && attempt.startedById) return 'narrowed'
  const missing = connectOutcome({ asked: attempt.scopesAsked, granted: tokens.scopes, liveBefore })
  if (attempt.purpose === 'sign_in' && isIdentityOnly(tokens.scopes)) return 'signed_in'
  return missing
}
