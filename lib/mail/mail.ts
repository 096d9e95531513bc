import type { Prisma, Tx } from '@/lib/db'

export const outgoingFields = {
  id: true,
  kind: true,
  template: true,
  locale: true,
  personId: true,
  address: true,
  staffId: true,
  invitationId: true,
  mailingId: true,
  values: true,
  messageId: true,
} satisfies Prisma.MailSelect

/** What the one who prepares a mail is told of it. */
export type OutgoingMail = Prisma.MailGetPayload<{ select: typeof outgoingFields }>
export type MailKind = OutgoingMail['kind']
export type MailState = Prisma.MailGetPayload<{ select: { state: true } }>['state']

/** What goes to the server. */
export type ReadyMail = {
  to: { name: string | null; address: string }
  subject: string
  html: string
  text: string
  unsubscribeUrl: string | null
}

export type PreparedMail =
  | ReadyMail
  /** Nobody is to get it: one of our words says why. */
  | { suppressed: string }
  /** The person has declined. To staff it looks as if it had been sent. */
  | { withheld: true }
  /** Not now: in so many seconds. */
  | { later: number }

/**
 * Renders a mail in the transaction that commits `sending`, and looks again whether it may go: what it reads holds at that
 * moment.
 */
export type PrepareMail = (tx: Tx, mail: OutgoingMail) => Promise<PreparedMail>

/** So many failures in a row pause a campaign. */
export const failuresMax = 10

/** A hand-over ends by itself after this long. */
export const handOverMsMax = 120_000

/** A mail that has been `sending` for longer lost its process: nobody knows whether it went. */
export const lostAfterS = 300

/** How long a round claims mails; the next one begins at once where more wait. */
export const roundMs = 10_000

/** Connections to the server, and mails on their way, of one process. */
export const connectionsMax = 5

/** After so many tries, about two days, a mail counts as refused. */
export const triesMax = 16

export const retry = { firstMs: 60_000, maxMs: 4 * 3_600_000 }
