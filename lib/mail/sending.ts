import 'server-only'
import { env } from '@/lib/config/env'
import type { MailSettings } from '@/lib/config/mail-variables'
import { db, inTransaction, isDatabaseUnavailable } from '@/lib/db'
import { log } from '@/lib/log'
import { findAddressFault } from '@/lib/mail/address'
import { countDue, lockNextMail } from '@/lib/mail/claim'
import { connectionsMax, type OutgoingMail, type PrepareMail, type ReadyMail, roundMs } from '@/lib/mail/mail'
import { sendSoon } from '@/lib/mail/outbox'
import { markLostMails, type PauseCampaign, pauseAfterFailures, putBack, recordOutcome } from '@/lib/mail/recording'
import { type MailConnection, openConnection } from '@/lib/mail/transport'

type Sending = {
  prepare: PrepareMail
  pauseCampaign: PauseCampaign
  /** No mail is claimed after so long. */
  forMs?: number
}

let isRunning = false
let isAskedAgain = false

/**
 * Sends what waits, for a while; what is left is a job of its own. Whoever asks while this process does so already has it
 * look once more afterwards.
 */
export async function sendWaitingMails(sending: Sending): Promise<void> {
  if (isRunning) {
    isAskedAgain = true
    return
  }
  isRunning = true
  let isMore: boolean
  try {
    isMore = await sendRound(sending)
  } finally {
    isRunning = false
  }
  if (isMore || isAskedAgain) await inTransaction(sendSoon)
  isAskedAgain = false
}

/**
 * Sends over a few connections, one mail at a time on each. `sending` is committed before a mail is handed over, and
 * nothing is sent that is in it. Concurrent rounds are safe. Returns whether its time ended first.
 */
export async function sendRound({ prepare, pauseCampaign, forMs = roundMs }: Sending): Promise<boolean> {
  await markLostMails()
  const settings = env().mail
  const until = Date.now() + forMs
  if (settings) {
    const lane = () => sendOneByOne({ prepare, pauseCampaign, settings, until })
    const lanes = await countDue(db(), connectionsMax)
    await Promise.all(Array.from({ length: lanes }, lane))
    return Date.now() >= until
  }
  return false
}

type Lane = Required<Omit<Sending, 'forMs'>> & { settings: MailSettings; until: number }

async function sendOneByOne(lane: Lane): Promise<void> {
  let connection: MailConnection | null = null
  try {
    while (Date.now() < lane.until) {
      if (!connection?.isOpen()) {
        connection?.close()
        // A connection is open before a mail is claimed: where the server is away, nothing is in doubt.
        connection = await open(lane)
        if (!connection) return
      }
      const claimed = await claim(lane)
      if (!claimed) return
      if (claimed === 'left_out') continue
      const { mail, ready } = claimed
      const outcome = await connection.handOver({ ...ready, id: mail.id, messageId: mail.messageId })
      await recordOutcome(mail, outcome, lane.pauseCampaign)
    }
  } finally {
    connection?.close()
  }
}

/** Null where nothing waits any more. A server that is away is a failure of each mail that waits for it. */
async function open({ settings, until, pauseCampaign }: Lane): Promise<MailConnection | null> {
  while (Date.now() < until && (await countDue(db(), 1)) > 0) {
    const opened = await openConnection(settings)
    if ('connection' in opened) return opened.connection
    log().warn({ reason: opened.failure }, 'the mail server cannot be reached')
    const mail = await inTransaction(async (tx) => {
      const mail = await lockNextMail(tx)
      if (mail) await putBack(tx, mail, opened.failure)
      return mail
    })
    if (!mail) return null
    await pauseAfterFailures(mail, pauseCampaign)
  }
  return null
}

type Claimed = { mail: OutgoingMail; ready: ReadyMail }

/** Prepares the next mail and commits that it is `sending`, in one transaction. Null if none may go. */
async function claim({ prepare, pauseCampaign }: Lane): Promise<Claimed | 'left_out' | null> {
  let next: OutgoingMail | null = null
  try {
    return await inTransaction(async (tx) => {
      const mail = await lockNextMail(tx)
      next = mail
      if (!mail) return null
      const prepared = await prepare(tx, mail)
      if ('later' in prepared) {
        await tx.$executeRaw`
          update mail set send_after = now() + make_interval(secs => ${prepared.later}::double precision)
          where id = ${mail.id}::uuid`
        return 'left_out'
      }
      if ('withheld' in prepared) {
        await tx.$executeRaw`update mail set state = 'withheld', sending_at = now() where id = ${mail.id}::uuid`
        return 'left_out'
      }
      const reason = 'suppressed' in prepared ? prepared.suppressed : findAddressFault(prepared.to.address)
      if ('suppressed' in prepared || reason) {
        await tx.mail.update({ where: { id: mail.id }, data: { state: 'suppressed', reason } })
        return 'left_out'
      }
      await tx.$executeRaw`
        update mail set state = 'sending', sending_at = now(), tries = tries + 1 where id = ${mail.id}::uuid`
      return { mail, ready: prepared }
    })
  } catch (error) {
    const mail = next as OutgoingMail | null
    if (!mail || isDatabaseUnavailable(error)) throw error
    log().error({ mail: mail.id, err: error }, 'failed to prepare a mail')
    await inTransaction((tx) => putBack(tx, mail, 'error'))
    await pauseAfterFailures(mail, pauseCampaign)
    return 'left_out'
  }
}
