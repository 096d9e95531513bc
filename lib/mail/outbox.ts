import 'server-only'
import { randomUUID } from 'node:crypto'
import { env } from '@/lib/config/env'
import { db, type Prisma, type Tx } from '@/lib/db'
import type { MailKind } from '@/lib/mail/mail'

export type NewMail = {
  kind: MailKind
  template: string
  locale: string
  personId?: string | null
  address?: string | null
  staffId?: string | null
  invitationId?: string | null
  mailingId?: string | null
  values?: Prisma.InputJsonObject
}

/** Writes any number of mails in one statement, in the transaction that causes them. */
export async function enqueueMails(tx: Tx, mails: readonly NewMail[]): Promise<void> {
  const domain = (env().mail?.from.address ?? env().institution.supportEmail).split('@').at(-1)
  await tx.mail.createMany({ data: mails.map((mail) => ({ ...mail, messageId: `<${randomUUID()}@${domain}>` })) })
}

/** Whether somebody has stopped all mail. */
export async function isMailStopped(): Promise<boolean> {
  const row = await db().installation.findUnique({ where: { id: 1 }, select: { mailStoppedAt: true } })
  return Boolean(row?.mailStoppedAt)
}
