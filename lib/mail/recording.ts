import 'server-only'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { db, inTransaction, isDatabaseUnavailable, Prisma, queryRows, type Tx } from '@/lib/db'
import { log } from '@/lib/log'
import { failuresMax, lostAfterS, type OutgoingMail, retry, triesMax } from '@/lib/mail/mail'
import type { Outcome } from '@/lib/mail/transport'
import { backoffMs } from '@/lib/rate-limit/backoff'

/** Pauses a campaign and says why. Idempotent. */
export type PauseCampaign = (campaignId: string, reason: 'failures') => Promise<unknown>

type Sent = Pick<OutgoingMail, 'id' | 'mailingId'>

const recordTries = 5
const recordRetryMs = 1_000

/**
 * Records what became of a mail that was handed over. While the database is away this is tried again: what nobody recorded
 * counts as perhaps sent.
 */
export async function recordOutcome(mail: Sent, outcome: Outcome, pauseCampaign: PauseCampaign): Promise<void> {
  for (let left = recordTries; ; left--) {
    try {
      if (outcome.outcome === 'sent') await recordSent(mail)
      else await inTransaction((tx) => recordFailure(tx, mail, outcome))
      break
    } catch (error) {
      if (left <= 1 || !isDatabaseUnavailable(error)) throw error
      await sleep(recordRetryMs)
    }
  }
  if (outcome.outcome === 'sent') return
  log().warn({ mail: mail.id, outcome: outcome.outcome, reason: outcome.reason }, 'a mail did not go out')
  await pauseAfterFailures(mail, pauseCampaign)
}

async function recordSent({ id }: Sent): Promise<void> {
  await db().$executeRaw`
    with sent as (
      update mail set state = 'sent', sent_at = now(), reason = null
      where id = ${id}::uuid and state in ('sending', 'perhaps_sent') returning mailing_id)
    update campaign c set failed_mails = 0 from sent join mailing g on g.id = sent.mailing_id
    where c.id = g.campaign_id and c.failed_mails > 0`
}

type Failure = Exclude<Outcome, { outcome: 'sent' }>

/** What was handed over waits for the next try, or ends; and counts for the campaign. */
async function recordFailure(tx: Tx, mail: Sent, failure: Failure): Promise<void> {
  const { outcome, reason } = failure
  if (outcome === 'failed') return endTry(tx, mail, failure, 'sending')
  await tx.$executeRaw`
    update mail set state = 'perhaps_sent', reason = ${reason} where id = ${mail.id}::uuid and state = 'sending'`
  await countFailure(tx, mail)
}

/**
 * A mail that was not handed over: there was nobody to hand it to, or it could not be prepared. False where another
 * connection has it, or has put it back.
 */
export async function putBack(tx: Tx, mail: Sent, reason: string): Promise<boolean> {
  const [held] = await tx.$queryRaw<unknown[]>`
    select 1 from mail where id = ${mail.id}::uuid and state = 'waiting' and send_after <= now() for update skip locked`
  if (!held) return false
  await tx.$executeRaw`update mail set tries = tries + 1, sending_at = now() where id = ${mail.id}::uuid`
  await endTry(tx, mail, { reason, permanent: false }, 'waiting')
  return true
}

type Try = { reason: string; permanent: boolean }

async function endTry(tx: Tx, mail: Sent, { reason, permanent }: Try, from: 'sending' | 'waiting'): Promise<void> {
  const [row] = await queryRows(
    tx,
    z.object({ tries: z.number() }),
    Prisma.sql`
    select tries from mail where id = ${mail.id}::uuid and state = ${from}::mail_state for update`,
  )
  if (!row) return
  const state = permanent || row.tries >= triesMax ? 'refused' : 'waiting'
  await tx.$executeRaw`
    update mail set state = ${state}::mail_state, reason = ${reason},
      send_after = now() + make_interval(secs => ${backoffMs(row.tries, retry) / 1_000}::double precision)
    where id = ${mail.id}::uuid`
  await countFailure(tx, mail)
}

async function countFailure(tx: Tx, { mailingId }: Sent): Promise<void> {
  if (!mailingId) return
  await tx.$executeRaw`
    update campaign c set failed_mails = failed_mails + 1 from mailing g
    where g.id = ${mailingId}::uuid and c.id = g.campaign_id`
}

/** Pauses the campaign of a mail that failed as the tenth in a row. */
export async function pauseAfterFailures({ mailingId }: Sent, pauseCampaign: PauseCampaign): Promise<void> {
  if (!mailingId) return
  const campaign = await inTransaction((tx) =>
    tx.campaign.findFirst({
      where: { mailings: { some: { id: mailingId } }, failedMails: { gte: failuresMax } },
      select: { id: true },
    }),
  )
  if (!campaign) return
  await pauseCampaign(campaign.id, 'failures')
  // Whoever lets it go on gives it ten more.
  await inTransaction((tx) => tx.campaign.updateMany({ where: { id: campaign.id }, data: { failedMails: 0 } }))
}

/** Mails whose process ended between handing them over and recording the answer. */
export async function markLostMails(): Promise<void> {
  const lost = await inTransaction(
    (tx) => tx.$executeRaw`
      update mail set state = 'perhaps_sent', reason = 'no_answer'
      where state = 'sending' and sending_at < now() - make_interval(secs => ${lostAfterS}::double precision)`,
  )
  if (lost > 0) log().warn({ mails: lost }, 'mails were handed over without an answer: perhaps sent')
}

/** In a database that came back from a backup, what waits may have been sent since. */
export async function doubtAllMails(tx: Tx): Promise<void> {
  await tx.$executeRaw`
    update mail set state = 'perhaps_sent', reason = 'restored', sending_at = coalesce(sending_at, now())
    where state in ('waiting', 'sending')`
}
