import 'server-only'
import { ImapFlow } from 'imapflow'
import { z } from 'zod'
import { system } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import { env } from '@/lib/config/env'
import { inTransaction, Prisma, queryRows, type Tx } from '@/lib/db'
import { type Bounce, isFinal, parseBounce } from '@/lib/mail/bounce'
import { suppress } from '@/lib/mail/suppression'

const bouncedMail = z.object({
  personId: z.string().nullable(),
  researcherId: z.string().nullable(),
  address: z.string().nullable(),
})

/** Marks the mails, and writes to their addresses no more. Repetitions and mails that are not ours change nothing. */
export async function recordBounces(bounces: readonly Bounce[], requestId?: string): Promise<number> {
  let recorded = 0
  for (const bounce of bounces) {
    if (!isFinal(bounce)) continue
    if (await inTransaction((tx) => recordBounce(tx, bounce, requestId))) recorded++
  }
  return recorded
}

async function recordBounce(tx: Tx, { mailId, messageId, kind, status }: Bounce, requestId?: string): Promise<boolean> {
  const reason = kind === 'complaint' ? 'complained' : 'bounced'
  const [mail] = await queryRows(
    tx,
    bouncedMail,
    Prisma.sql`
      update mail m set bounced_at = now(), reason = ${status ?? reason}
      from mail b left join person p on p.id = b.person_id
      where m.id = b.id and (b.id = ${mailId}::uuid or b.message_id = ${messageId && inBrackets(messageId)})
        and m.bounced_at is null and m.state in ('sending', 'sent', 'perhaps_sent')
      returning p.id::text as "personId", p.researcher_id::text as "researcherId", coalesce(m.address, (
        select l.email from invitation_link l
        where l.invitation_id = m.invitation_id and l.email is not null
          and l.made_at <= m.sending_at + interval '1 minute'
        order by l.made_at desc limit 1), p.email) as address`,
  )
  if (!mail) return false
  const { personId, researcherId, address } = mail
  if (address) await suppress(tx, { address, reason, personId })
  const detail = { kind, status, personId }
  await recordEvent(tx, system, { action: 'mail.bounced', researcherId, requestId, detail })
  return true
}

const inBrackets = (messageId: string) => `<${messageId.trim().replace(/^<|>$/g, '')}>`

const perRound = 200
/** Of a message: the report stands before the original. */
const bytesMax = 256 * 1024
const timeoutMs = 30_000

/**
 * Reads what is new in the mailbox for bounces. Each message is marked as seen once it is dealt with; nothing is moved
 * or deleted. Returns how many messages were read, and how many of them were bounces of ours.
 *
 * @throws Error without the address or the password of the mailbox
 */
export async function readBounces(bounce = env().mail?.bounce): Promise<{ read: number; bounced: number }> {
  const result = { read: 0, bounced: 0 }
  if (!bounce?.imapUrl) return result
  const { client, mailbox } = openMailbox(new URL(bounce.imapUrl))
  let ours: unknown
  try {
    await client.connect()
    const lock = await client.getMailboxLock(mailbox)
    try {
      const unseen = (await client.search({ seen: false }, { uid: true })) || []
      for (const uid of unseen.slice(0, perRound)) {
        const query = { source: { start: 0, maxLength: bytesMax } }
        const message = await client.fetchOne(String(uid), query, { uid: true })
        const source = message ? message.source : undefined
        const found = source ? await parseBounce(source, bounce.address) : null
        if (found) {
          result.bounced += await recordBounces([found]).catch((error) => {
            ours = error
            throw error
          })
        }
        await client.messageFlagsAdd(String(uid), ['\\Seen'], { uid: true })
        result.read++
      }
    } finally {
      lock.release()
    }
    await client.logout()
    return result
  } catch (error) {
    client.close()
    throw error === ours ? error : toPlainError(error)
  }
}

/** Connects to the mailbox and opens it. @throws Error without the address or the password of the mailbox */
export async function checkMailbox(imapUrl: string): Promise<void> {
  const { client, mailbox } = openMailbox(new URL(imapUrl))
  try {
    await client.connect()
    await client.mailboxOpen(mailbox, { readOnly: true })
    await client.logout()
  } catch (error) {
    client.close()
    throw toPlainError(error)
  }
}

const loopback = ['localhost', '127.0.0.1', '[::1]']

function openMailbox({ protocol, hostname, port, username, password, pathname }: URL) {
  const secure = protocol === 'imaps:'
  const client = new ImapFlow({
    host: hostname,
    port: Number(port) || (secure ? 993 : 143),
    secure,
    // The password goes over no line that is not encrypted.
    doSTARTTLS: secure || loopback.includes(hostname) ? undefined : true,
    auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) },
    logger: false,
    disableAutoIdle: true,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
  })
  // The commands reject by themselves.
  client.on('error', () => undefined)
  return { client, mailbox: decodeURIComponent(pathname.slice(1)) || 'INBOX' }
}

/** Errors of IMAP may hold the command that failed, with the password. */
function toPlainError(error: unknown): Error {
  const { code, authenticationFailed } = error as { code?: string; authenticationFailed?: boolean }
  if (authenticationFailed) return new Error('The mailbox for bounces refuses the user or the password')
  const why = /^[A-Za-z_]{1,40}$/.test(code ?? '') ? `: ${code}` : ''
  return new Error(`The mailbox for bounces cannot be read${why}`)
}
