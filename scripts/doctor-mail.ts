import { Resolver } from 'node:dns/promises'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import type { Env } from '@/lib/config/env'
import { checkMailbox } from '@/lib/mail/bounces'
import type { Finding } from '@/scripts/doctor-findings'
import { examineMailDns } from '@/scripts/doctor-mail-dns'

const timeoutMs = 5_000
const loopback = ['localhost', '127.0.0.1', '[::1]']

/** Whether mail leaves, arrives and comes back. Sends nothing. */
export async function examineMail({ mail, orcid }: Env, resolver = systemResolver()): Promise<Finding[]> {
  if (!mail) {
    const finding = 'not set up: nothing is sent, and invitations can be downloaded for a mail merge (docs/mail.md)'
    return [{ what: 'mail', state: 'note', finding }]
  }
  const { smtp, from, bounce } = mail
  return [
    await examineServer(new URL(smtp.url)),
    ...(orcid.registry === 'local'
      ? [note('SPF, DKIM, DMARC', 'not looked for: on the local registry no mail goes to real people')]
      : await examineMailDns(resolver, { from: from.address, bounce: bounce?.address ?? null })),
    await examineMailbox(bounce?.imapUrl ?? null, mail.webhookSecret !== null),
  ]
}

const systemResolver = () => new Resolver({ timeout: timeoutMs, tries: 2 })
const note = (what: string, finding: string): Finding => ({ what, state: 'note', finding })

async function examineServer({ protocol, hostname, port, username, password }: URL): Promise<Finding> {
  const what = 'mail server'
  const secure = protocol === 'smtps:'
  const address = `${hostname}:${port || (secure ? 465 : 587)}`
  const connection = new SMTPConnection({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port) || undefined,
    secure,
    requireTLS: !secure && !loopback.includes(hostname),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    logger: false,
  })
  try {
    await new Promise<void>((resolve, reject) => {
      connection.once('error', reject)
      connection.once('end', () => reject(Object.assign(new Error(), { code: 'ECONNECTION' })))
      connection.connect((error) => (error ? reject(error) : resolve()))
    })
    if (username) {
      const credentials = { user: decodeURIComponent(username), pass: decodeURIComponent(password) }
      await new Promise<void>((resolve, reject) =>
        connection.login({ credentials }, (error) => (error ? reject(error) : resolve())),
      )
    }
    const line = connection.secure ? 'with TLS, its certificate is trusted' : 'not encrypted, on this machine'
    const who = username ? 'the user and the password are accepted' : 'without a user'
    return { what, state: 'good', finding: `${address} answers, ${line}, ${who}` }
  } catch (error) {
    return { what, state: 'wrong', finding: `${address} ${tellFailure(error as Failure)}` }
  } finally {
    connection.on('error', () => undefined)
    connection.quit()
  }
}

const certificate = /CERT|SELF_SIGNED|ALTNAME|UNABLE_TO_VERIFY|ISSUER/

type Failure = Error & { code?: string; responseCode?: number; cause?: { code?: string } }

/** The server's own words are left out: they may repeat the user. */
function tellFailure(error: Failure): string {
  const codes = [error.code, error.cause?.code, ...(error.message.match(/\b[A-Z][A-Z_]{5,}\b/g) ?? [])].filter(Boolean)
  const tls = codes.find((code) => certificate.test(code ?? ''))
  if (error.code === 'EAUTH') return 'refuses the user or the password'
  if (tls || /certificate|altnames/i.test(error.message)) {
    return `has a certificate that is not trusted${tls ? ` (${tls})` : ''}: NODE_EXTRA_CA_CERTS names your own authority`
  }
  if (error.code === 'ETLS') return 'offers no STARTTLS, and nothing is sent unencrypted: try smtps:// or another port'
  if (error.code === 'ETIMEDOUT')
    return `gives no answer within ${timeoutMs / 1_000} s: is the port open for this machine?`
  const why = codes.at(-1) ?? error.responseCode
  return `cannot be reached${why ? `: ${why}` : ''}`
}

async function examineMailbox(imapUrl: string | null, hasWebhook: boolean): Promise<Finding> {
  const what = 'mailbox'
  if (!imapUrl) {
    if (hasWebhook) return note(what, 'bounces come by the webhook, with MAIL_WEBHOOK_SECRET')
    const finding = 'neither MAIL_BOUNCE_URL nor MAIL_WEBHOOK_SECRET is set: nobody notices mail that comes back'
    return { what, state: 'doubt', finding }
  }
  try {
    await checkMailbox(imapUrl)
    return { what, state: 'good', finding: 'the mailbox for bounces can be read' }
  } catch (error) {
    return { what, state: 'wrong', finding: (error as Error).message }
  }
}
