import 'server-only'
import { z } from 'zod'
import { system } from '@/lib/actor'
import type { Attempt } from '@/lib/attempts/attempt'
import type { AttemptOutcome } from '@/lib/attempts/outcome'
import { recordEvents } from '@/lib/audit/commands'
import { comeBackInvited } from '@/lib/campaigns/coming-back'
import { inTransaction, Prisma, queryRows, type Tx } from '@/lib/db'
import { connectOutcome } from '@/lib/grants/grant'
import { endWiderGrants } from '@/lib/grants/narrowing'
import { saveGrant, sealGrant } from '@/lib/grants/saving'
import type { TokenResponse } from '@/lib/orcid/oauth'
import { isIdentityOnly } from '@/lib/orcid/scopes'
import { matchToRoster } from '@/lib/people/matching'
import { linkMerged, lockAuthenticatedResearcher } from '@/lib/researchers/commands'
import { endSessionIn, type SignIn, startSession } from '@/lib/sessions/commands'
import { updateStaffName } from '@/lib/staff/commands'
import { acceptInvitation } from '@/lib/staff/invitations'

/** Recovery took over the attempt: revoke the new token instead of recording it. */
export class ClaimLostError extends Error {
  override readonly name = 'ClaimLostError'
}

type SavedGrant = { outcome: AttemptOutcome; researcherId: string; sessionId: string }

/**
 * Records a grant in one transaction: researcher, grant, superseded grants with their revocations, session, attempt and
 * events.
 *
 * @param beforeCommit runs just before COMMIT: after it, an error leaves the result unknown
 * @throws ClaimLostError if recovery took over the attempt
 */
export async function recordGrant(
  attempt: Attempt,
  { tokens, signIn, requestId }: { tokens: TokenResponse; signIn: SignIn; requestId: string },
  beforeCommit: () => void,
): Promise<SavedGrant> {
  const { id: attemptId, reference, purpose } = attempt
  const grant = await sealGrant(attempt, tokens)
  return inTransaction(async (tx) => {
    // Lock order: attempt, then researcher, as in an erasure.
    const { startedById, staffInvitationId, linkId, atDesk, campaign, shownText } = await lockExchanging(tx, attemptId)
    const researcher = await lockAuthenticatedResearcher(tx, tokens)
    const researcherId = researcher.id
    const visit = { reference, purpose, campaign, asked: attempt.scopesAsked, shownText }
    const liveBefore = await saveGrant(tx, researcher, grant, visit, requestId)
    const outcome = outcomeOf({ ...attempt, startedById }, tokens, liveBefore, researcherId)
    await tx.authorizationAttempt.update({
      where: { id: attemptId },
      data: { state: 'saved', outcome, researcherId, endedAt: new Date(), sealedCode: null },
      select: { id: true },
    })
    const actor = await startSession(tx, researcher, { attemptId, signIn })
    const about = { researcherId, attemptId, requestId }
    await recordEvents(tx, system, [
      { action: 'attempt.ended', ...about, detail: { outcome } },
      { action: 'session.started', ...about, actor },
    ])
    if (researcher.isPrimary) await linkMerged(tx, tokens.orcid)
    const invited = linkId && { linkId, researcherId, scopesAsked: attempt.scopesAsked, requestId }
    if (!invited || !(await comeBackInvited(tx, invited))) await matchToRoster(tx, researcher, requestId)
    // Wider grants end only after the narrower one is saved, and only if the same person came back.
    const narrower = { grantId: grant.id, attemptId, requestId }
    if (outcome === 'narrowed') await endWiderGrants(tx, actor, researcherId, attempt.scopesAsked, narrower)
    if (staffInvitationId) await acceptInvitation(tx, staffInvitationId, actor, requestId)
    if (researcher.isStaff || staffInvitationId) await updateStaffName(tx, tokens.orcid, tokens.name)
    if (atDesk) await endSessionIn(tx, actor, requestId)
    beforeCommit()
    return { outcome, researcherId, sessionId: actor.sessionId }
  })
}

const lockedAttempt = z.object({
  startedById: z.string().nullable(),
  staffInvitationId: z.string().nullable(),
  linkId: z.string().nullable(),
  atDesk: z.boolean(),
  campaign: z.string().nullable(),
  shownText: z.string().nullable(),
})

/** Reads `startedById` again: that researcher may have been erased since. */
async function lockExchanging(tx: Tx, id: string): Promise<z.infer<typeof lockedAttempt>> {
  const [attempt] = await queryRows(
    tx,
    lockedAttempt,
    Prisma.sql`
      select a.started_by_id as "startedById", a.staff_invitation_id as "staffInvitationId", a.link_id as "linkId",
        a.at_desk as "atDesk", c.name as campaign, a.shown_text_hash as "shownText"
      from authorization_attempt a left join campaign c on c.id = a.campaign_id
      where a.id = ${id}::uuid and a.state = 'exchanging' for update of a`,
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
