import 'server-only'
import { env } from '@/lib/config/env'
import type { Tx } from '@/lib/db'
import { enqueueAdminMails, enqueueContactMail } from '@/lib/mail/staff-notice'

/** Tells the contact of the system and the administrators that nothing is sent to it any more. */
export async function enqueueSwitchedOffMails(tx: Tx, systemId: string): Promise<void> {
  const { name: system, contact } = await tx.system.findUniqueOrThrow({
    where: { id: systemId },
    select: { name: true, contact: true },
  })
  const mail = { system, about: `${env().origin}/staff/systems/${systemId}/events` }
  await enqueueContactMail(tx, contact, mail)
  await enqueueAdminMails(tx, mail)
}
