import 'server-only'
import { randomUUID } from 'node:crypto'
import { env } from '@/lib/config/env'
import type { Prisma, Tx } from '@/lib/db'
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
  sendAfter?: Date
}

/** Puts mails into the outbox, in one statement. */
export async function enqueueMails(tx: Tx, mails: readonly NewMail[]): Promise<void> {
  const domain = env().mail?.from.address.split('@')[1] ?? 'localhost'
  await tx.mail.createMany({ data: mails.map((mail) => ({ ...mail, messageId: `<${randomUUID()}@${domain}>` })) })
}
