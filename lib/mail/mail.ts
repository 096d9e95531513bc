import 'server-only'
import type { Tx } from '@/lib/db'

export type MailKind = 'invitation' | 'link' | 'correction' | 'test' | 'notice'

/** A mail of the outbox that is about to be sent. */
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

/** A mail to hand over, or why it is left out, or in how many seconds to ask again. */
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
