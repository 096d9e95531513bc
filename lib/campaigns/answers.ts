import 'server-only'
import { system } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import { allowAsking, doNotAsk } from '@/lib/campaigns/do-not-ask'
import { hashSecret, readLinkToken } from '@/lib/crypto/secrets'
import { inTransaction } from '@/lib/db'

/**
 * Somebody whom a personal link reached says that they are not that person. Nothing else changes: staff look at the
 * address. Repeatable.
 */
export function noteNotMe(token: string, requestId: string): Promise<void> {
  return inTransaction(async (tx) => {
    const tokenHash = hashSecret(readLinkToken(token) ?? '')
    const [link] = await tx.invitationLink.updateManyAndReturn({
      where: { tokenHash, notMeAt: null },
      data: { notMeAt: new Date() },
      select: { invitation: { select: { personId: true, person: { select: { researcherId: true } } } } },
    })
    if (!link) return
    const { personId, person } = link.invitation
    await recordEvent(tx, system, { action: 'invitation.not_me', ...person, requestId, detail: { personId } })
  })
}

/**
 * “Keep it as it is”, by the personal link of a yearly check-up. It ends the invitation, and confirms no permission: a
 * link may have been passed on. Repeatable. Returns false for a link that does not lead to a check-up.
 */
export function keepAsItIs(token: string, requestId: string): Promise<boolean> {
  return inTransaction(async (tx) => {
    const link = await tx.invitationLink.findUnique({
      where: { tokenHash: hashSecret(readLinkToken(token) ?? ''), revokedAt: null, expiresAt: { gt: new Date() } },
      select: {
        invitation: {
          select: {
            id: true,
            personId: true,
            campaign: { select: { kind: true } },
            person: { select: { researcherId: true } },
          },
        },
      },
    })
    if (link?.invitation.campaign?.kind !== 'check_up') return false
    const { id, personId, person } = link.invitation
    const { count } = await tx.invitation.updateMany({
      where: { id, endedAt: null },
      data: { endedAt: new Date(), ended: 'kept' },
    })
    if (count > 0)
      await recordEvent(tx, system, { action: 'invitation.kept', ...person, requestId, detail: { personId } })
    return true
  })
}

/** “Do not ask me again” by a personal link, or the opposite. Returns false for a link that nobody made. */
export function setDoNotAsk(token: string, mayAsk: boolean): Promise<boolean> {
  return inTransaction(async (tx) => {
    const link = await tx.invitationLink.findUnique({
      where: { tokenHash: hashSecret(readLinkToken(token) ?? '') },
      select: { revokedAt: true, invitation: { select: { personId: true } } },
    })
    if (!link || link.revokedAt) return false
    const { personId } = link.invitation
    if (mayAsk) await allowAsking(tx, personId)
    else await doNotAsk(tx, personId, 'asked')
    return true
  })
}
