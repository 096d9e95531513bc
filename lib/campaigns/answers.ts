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

/** “Do not ask me again” by a personal link, or the opposite. Returns false for a link that nobody made. */
export function setDoNotAsk(
  token: string,
  { mayAsk, requestId }: { mayAsk: boolean; requestId: string },
): Promise<boolean> {
  return inTransaction(async (tx) => {
    const link = await tx.invitationLink.findUnique({
      where: { tokenHash: hashSecret(readLinkToken(token) ?? '') },
      select: { revokedAt: true, invitation: { select: { personId: true } } },
    })
    if (!link || link.revokedAt) return false
    const { personId } = link.invitation
    if (mayAsk) await allowAsking(tx, personId, { requestId })
    else await doNotAsk(tx, personId, 'asked', { requestId })
    return true
  })
}
