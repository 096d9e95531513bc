import 'server-only'
import { doNotAsk, saidBy } from '@/lib/campaigns/do-not-ask'
import { db, inTransaction } from '@/lib/db'
import { findRecipient, type UnsubscribeLink, unsubscribeRecipient } from '@/lib/mail/unsubscribing'

/** Whether the recipient of a link has said that they are not to be asked again. */
export async function isNotToBeAsked(link: UnsubscribeLink): Promise<boolean> {
  const recipient = await findRecipient(db(), link)
  if (!recipient || recipient === 'test') return false
  return (await db().doNotAsk.count({ where: { person: saidBy(recipient.id), reason: 'asked' } })) > 0
}

/** “Do not ask me again”, by the link of a mail. Does nothing for a link that is not ours. */
export function stopAsking(link: UnsubscribeLink, requestId: string): Promise<void> {
  return inTransaction(async (tx) => {
    const recipient = await findRecipient(tx, link)
    if (!recipient || recipient === 'test') return
    await doNotAsk(tx, recipient.id, 'asked')
    await unsubscribeRecipient(tx, recipient, requestId)
  })
}
