import 'server-only'
import { randomUUID } from 'node:crypto'
import type { StaffActor } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import { domainOf } from '@/lib/config/email-address'
import { env } from '@/lib/config/env'
import { db, inTransaction, type Prisma, type Tx } from '@/lib/db'
import { enqueueJob } from '@/lib/jobs/queue'
import type { MailKind } from '@/lib/mail/mail'

export type NewMail = {
  id?: string
  kind: MailKind
  template: string
  locale: string
  personId?: string | null
  /** For somebody who is not on the roster: a staff member's own. */
  address?: string | null
  staffId?: string | null
  invitationId?: string | null
  mailingId?: string | null
  /** The mail that this one is once more. */
  againOfId?: string | null
  /** No secret: a link is made when the mail is sent. */
  values?: Prisma.InputJsonObject
}

/** Right of the @ in our message ids. */
const ownDomain = () => {
  const { mail, institution } = env()
  return domainOf(mail?.from.address ?? institution.supportEmail)
}

/** Writes any number of mails in a few statements, in the transaction that causes them, and has them sent. */
export async function enqueueMails(tx: Tx, mails: readonly NewMail[]): Promise<void> {
  for (let from = 0; from < mails.length; from += batchSize) await insert(tx, mails.slice(from, from + batchSize))
  if (mails.length > 0) await sendSoon(tx)
}

// A statement of a hundred thousand would pass the time that it is given.
const batchSize = 20_000

async function insert(tx: Tx, mails: readonly NewMail[]): Promise<void> {
  const rows = mails.map((mail) => ({ id: randomUUID(), ...mail, values: mail.values ?? {} }))
  await tx.$executeRaw`
    insert into mail (id, message_id, kind, template, locale, person_id, address, staff_id, invitation_id, mailing_id,
      again_of_id, values)
    select id, '<' || id || ${`@${ownDomain()}>`}::text, kind::mail_kind, template, locale, "personId", address, "staffId", "invitationId",
      "mailingId", "againOfId", values
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as wanted (
      id uuid, kind text, template text, locale text, "personId" uuid, address text, "staffId" uuid,
      "invitationId" uuid, "mailingId" uuid, "againOfId" uuid, values jsonb)`
}

/** The job that sends mail, now. */
export const sendSoon = (tx: Tx): Promise<void> => enqueueJob(tx, 'send-mail', { key: 'send-mail' })

/** Whether somebody has stopped all mail. */
export async function isMailStopped(): Promise<boolean> {
  const row = await db().installation.findUnique({ where: { id: 1 }, select: { mailStoppedAt: true } })
  return Boolean(row?.mailStoppedAt)
}

/** Nothing is handed to the server any more; what is on its way arrives. Idempotent. */
export function stopAllMail(actor: StaffActor, requestId: string): Promise<void> {
  return inTransaction(async (tx) => {
    const where = { id: 1, mailStoppedAt: null }
    const { count } = await tx.installation.updateMany({ where, data: { mailStoppedAt: new Date() } })
    if (count > 0) await recordEvent(tx, actor, { action: 'mail.stopped', requestId })
  })
}

/** Idempotent. */
export function resumeMail(actor: StaffActor, requestId: string): Promise<void> {
  return inTransaction(async (tx) => {
    const where = { id: 1, mailStoppedAt: { not: null } }
    const { count } = await tx.installation.updateMany({ where, data: { mailStoppedAt: null } })
    if (count === 0) return
    await recordEvent(tx, actor, { action: 'mail.resumed', requestId })
    await sendSoon(tx)
  })
}
