import 'server-only'
import { randomUUID } from 'node:crypto'
import type { MailKind, Prisma, Tx } from '@/lib/db'

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

/** Writes mails to the outbox in one statement, in the transaction that causes them. */
export async function enqueueMails(tx: Tx, mails: readonly NewMail[]): Promise<void> {
  if (mails.length === 0) return
  await tx.mail.createMany({
    data: mails.map(({ sendAfter, ...mail }) => ({
      ...mail,
      messageId: `<${randomUUID()}@localhost>`,
      ...(sendAfter ? { sendAfter } : {}),
    })),
  })
}
