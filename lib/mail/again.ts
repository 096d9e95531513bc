import 'server-only'
import type { StaffActor } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import { inTransaction, type Prisma } from '@/lib/db'
import { enqueueMails } from '@/lib/mail/outbox'
import { problemStates } from '@/lib/mail/queries'

/**
 * Has a mail sent again that was refused or perhaps sent, as a new one, which is looked at as any other before it goes.
 * Once: returns false where somebody has done so, or where it is in no such state.
 */
export function sendAgain(actor: StaffActor, mailId: string, requestId: string): Promise<boolean> {
  return inTransaction(async (tx) => {
    const [held] = await tx.$queryRaw<unknown[]>`
      select 1 from mail where id = ${mailId}::uuid and state::text = any(${[...problemStates]}::text[])
        and not exists (select from mail again where again.again_of_id = mail.id) for update`
    const mail = held ? await tx.mail.findUnique({ where: { id: mailId } }) : null
    if (!mail) return false
    const { kind, template, locale, personId, address, staffId, invitationId } = mail
    // Outside the mailing, which may be over.
    const copy = { kind, template, locale, personId, address, staffId, invitationId, againOfId: mailId }
    await enqueueMails(tx, [{ ...copy, values: mail.values as Prisma.InputJsonObject }])
    await recordEvent(tx, actor, { action: 'mail.sent_again', requestId, detail: { mailId } })
    return true
  })
}
