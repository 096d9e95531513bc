import type { MailKind, Tx } from '@/lib/db'

export type OutgoingMail = {
  id: string
  kind: MailKind
  template: string
  locale: string
  personId: string | null
  address: string | null
  staffId: string | null
  invitationId: string | null
  mailingId: string | null
  values: unknown
  messageId: string
}

export type PreparedMail =
  | {
      to: { name: string | null; address: string }
      subject: string
      html: string
      text: string
      unsubscribeUrl: string | null
    }
  | { suppressed: string }
  | { later: number }

export type PrepareMail = (tx: Tx, mail: OutgoingMail) => Promise<PreparedMail>
