import { type ReceivedMail, startMailServer } from '@/scripts/mail-server'

export type { ReceivedMail } from '@/scripts/mail-server'

/** A code, or what is answered: `550 5.1.1 No such user`. */
type Refusal = number | string

export type SmtpBehaviour = {
  /** How every address is refused at RCPT TO, or, as a function, which ones. */
  failWith?: Refusal | ((to: string) => Refusal | null) | null
  /** Keeps the mail and cuts the connection before it is answered: for every mail, or some. */
  dropAfterData?: boolean | ((to: string) => boolean)
  /** Before the answer to a mail. */
  delayMs?: number
}

type Options = SmtpBehaviour & {
  port?: number
  /** Makes it `smtps://`. */
  tls?: { key: string; cert: string }
  login?: { user: string; password: string }
}

export type SmtpServer = {
  /** For `SMTP_URL`. */
  url: string
  port: number
  mails: ReceivedMail[]
  clear(): void
  /** How it behaves from here on. */
  behave(next: SmtpBehaviour): void
  stop(): Promise<void>
}

/** A real mail server: what it received is in `mails`, in the order of arrival, one for each recipient. */
export async function startSmtpServer({ port, tls, login, ...behaviour }: Options = {}): Promise<SmtpServer> {
  const mails: ReceivedMail[] = []
  let now: SmtpBehaviour = behaviour
  const server = await startMailServer({
    port,
    tls,
    login,
    receive: (mail) => mails.push(mail),
    refuse: (to) => toRefusal(typeof now.failWith === 'function' ? now.failWith(to) : now.failWith),
    drop: (to) => (typeof now.dropAfterData === 'function' ? now.dropAfterData(to) : (now.dropAfterData ?? false)),
    delayMs: () => now.delayMs ?? 0,
  })
  const user = login ? `${encodeURIComponent(login.user)}:${encodeURIComponent(login.password)}@` : ''
  return {
    url: `${tls ? 'smtps' : 'smtp'}://${user}127.0.0.1:${server.port}`,
    port: server.port,
    mails,
    clear: () => mails.splice(0),
    behave: (next) => {
      now = next
    },
    stop: server.stop,
  }
}

function toRefusal(given: Refusal | null | undefined): { responseCode: number; message: string } | null {
  if (given === null || given === undefined) return null
  const [, code, message] = /^(\d{3})[ -]?(.*)$/.exec(String(given)) ?? []
  return { responseCode: Number(code), message: message || 'Refused' }
}
