import 'server-only'
import { Readable } from 'node:stream'
import MailComposer from 'nodemailer/lib/mail-composer'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { env } from '@/lib/config/env'
import type { MailSettings } from '@/lib/config/mail-variables'
import { handOverMsMax, type ReadyMail } from '@/lib/mail/mail'

/** What is known of a mail after it was handed over. `reason`: a status of the server, or one of our words. */
export type Outcome =
  | { outcome: 'sent' }
  /** The server does not have it. */
  | { outcome: 'failed'; reason: string; permanent: boolean }
  /** The server may have it. */
  | { outcome: 'unknown'; reason: string }

export type MailConnection = {
  isOpen(): boolean
  /** One at a time. */
  handOver(mail: ReadyMail & { id: string; messageId: string }): Promise<Outcome>
  close(): void
}

type SmtpError = Error & { code?: string; responseCode?: number; response?: string; command?: string }

const connectTimeoutMs = 15_000

/** Servers limit it. */
const mailsPerConnection = 100

// A server on this machine has no certificate, and nobody listens on the way.
const isLoopback = (host: string) => ['localhost', '127.0.0.1', '[::1]'].includes(host)

function toOptions(smtpUrl: string, timeoutMs: number) {
  const url = new URL(smtpUrl)
  const secure = url.protocol === 'smtps:'
  const plain = !secure && isLoopback(url.hostname)
  return {
    // Node takes an IPv6 address without its brackets.
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (secure ? 465 : 587),
    secure,
    requireTLS: !secure && !plain,
    ignoreTLS: plain,
    tls: { rejectUnauthorized: true, minVersion: 'TLSv1.2' as const },
    connectionTimeout: connectTimeoutMs,
    greetingTimeout: connectTimeoutMs,
    socketTimeout: timeoutMs,
  }
}

/**
 * Opens a connection, and signs in where `SMTP_URL` has a user. nodemailer's own pool is not used: it sends again what
 * was under way on a connection that broke.
 */
export async function openConnection(
  settings: MailSettings,
  { timeoutMs = handOverMsMax }: { timeoutMs?: number } = {},
): Promise<{ connection: MailConnection } | { failure: string }> {
  const { username, password } = new URL(settings.smtp.url)
  const smtp = new SMTPConnection(toOptions(settings.smtp.url, timeoutMs))
  try {
    await new Promise<void>((resolve, reject) => {
      smtp.once('error', reject)
      smtp.connect((error) => (error ? reject(error) : resolve()))
    })
    if (username) {
      const credentials = { user: decodeURIComponent(username), pass: decodeURIComponent(password) }
      await new Promise<void>((resolve, reject) => {
        smtp.once('error', reject)
        smtp.login({ credentials }, (error) => (error ? reject(error) : resolve()))
      })
    }
  } catch (error) {
    // It may report once more after it gave up.
    smtp.on('error', ignore)
    smtp.close()
    return { failure: toReason(error as SmtpError) }
  }
  smtp.removeAllListeners('error').on('error', ignore)
  return { connection: wrap(smtp, settings, timeoutMs) }
}

const ignore = () => undefined

function wrap(smtp: SMTPConnection, settings: MailSettings, timeoutMs: number): MailConnection {
  let open = true
  let handed = 0
  smtp.once('end', () => {
    open = false
  })
  const close = () => {
    open = false
    smtp.close()
  }
  return {
    isOpen: () => open && handed < mailsPerConnection,
    close: () => {
      if (!open) return
      open = false
      smtp.quit()
    },
    handOver: async (mail) => {
      handed++
      const message = await compose(mail, settings).catch(() => null)
      if (!message) return { outcome: 'failed', reason: 'error', permanent: false }
      let isDataBegun = false
      // Read for the first time when the server is ready for the data (354).
      const stream = new Readable({
        read() {
          isDataBegun = true
          this.push(message)
          this.push(null)
        },
      })
      const envelope = { from: envelopeSender(mail.id, settings), to: [mail.to.address], size: message.length }
      const error = await new Promise<SmtpError | null>((resolve) => {
        const timer = setTimeout(() => resolve(Object.assign(new Error('too slow'), { code: 'ETIMEDOUT' })), timeoutMs)
        smtp.send(envelope, stream, (failure) => {
          clearTimeout(timer)
          resolve(failure as SmtpError | null)
        })
      })
      if (!error) return { outcome: 'sent' }
      const outcome = toOutcome(error, isDataBegun)
      // After a refused recipient the connection is as new; anything else may leave half a conversation.
      if (!isAnswer(error)) close()
      else if (open) await reset(smtp).catch(close)
      return outcome
    },
  }
}

/** An answer of the server to the mail itself, and not the end of the connection. */
const isAnswer = ({ code, responseCode }: SmtpError) =>
  (code === 'EENVELOPE' || code === 'EMESSAGE') && responseCode !== undefined && responseCode !== 421

function reset(smtp: SMTPConnection): Promise<void> {
  return new Promise((resolve, reject) => smtp.reset((error) => (error ? reject(error) : resolve())))
}

/** After the data began, only the server's answer says that it does not have the mail. */
function toOutcome(error: SmtpError, isDataBegun: boolean): Outcome {
  if (isDataBegun && !isAnswer(error)) return { outcome: 'unknown', reason: toReason(error) }
  // It was not even offered: too large for the server, or not an address.
  const isOurs = !isDataBegun && (error.code === 'EMESSAGE' || error.command === 'API') && !error.responseCode
  const permanent = isOurs || (isAnswer(error) && (error.responseCode ?? 0) >= 500 && error.responseCode !== 503)
  return { outcome: 'failed', reason: toReason(error), permanent }
}

const words: Record<string, string> = {
  EAUTH: 'login',
  ENOAUTH: 'login',
  ETLS: 'tls',
  ETIMEDOUT: 'timeout',
  EDNS: 'unreachable',
  ESOCKET: 'unreachable',
  ECONNECTION: 'cut',
  EMESSAGE: 'too_large',
}

/** A status, enhanced where the server has it (RFC 3463), or one of our words: its sentences may hold an address. */
export function toReason({ code = '', message, response, responseCode }: SmtpError): string {
  if (code === 'EAUTH' || code === 'ETLS') return words[code] ?? 'error'
  // Node's own words for a certificate that nobody vouches for, or of another host.
  if (code === 'ESOCKET' && /certificate|altname|self.signed|TLS|SSL/i.test(message)) return 'tls'
  const enhanced = /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(response ?? '')?.[1]
  if (enhanced) return enhanced
  return responseCode ? String(responseCode) : (words[code] ?? 'error')
}

/** With `MAIL_BOUNCE_ADDRESS`, a bounce comes back to an address that names the mail (VERP). */
export function envelopeSender(mailId: string, { bounce, from }: Pick<MailSettings, 'bounce' | 'from'>): string {
  if (!bounce) return from.address
  const at = bounce.address.lastIndexOf('@')
  return `${bounce.address.slice(0, at)}+${mailId}${bounce.address.slice(at)}`
}

const oneLine = (text: string) => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim()

function compose(mail: ReadyMail & { messageId: string }, { from, replyTo }: MailSettings): Promise<Buffer> {
  const { to, subject, html, text, unsubscribeUrl } = mail
  const composer = new MailComposer({
    from: { name: from.name ?? env().institution.name, address: from.address },
    to: { name: oneLine(to.name ?? ''), address: to.address },
    replyTo,
    subject: oneLine(subject),
    html,
    text,
    messageId: mail.messageId,
    headers: {
      // No out-of-office answers (RFC 3834).
      'Auto-Submitted': 'auto-generated',
      ...(unsubscribeUrl
        ? {
            'List-Unsubscribe': { prepared: true, value: `<${unsubscribeUrl}>` },
            'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
          }
        : {}),
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return new Promise((resolve, reject) =>
    composer.compile().build((error, message) => (error || !message ? reject(error) : resolve(message))),
  )
}
