import 'server-only'
import { z } from 'zod'
import { env } from '@/lib/config/env'
import { Prisma, type Queryable, queryRows, type Tx } from '@/lib/db'
import { type OutgoingMail, outgoingFields } from '@/lib/mail/mail'

const due = Prisma.sql`state = 'waiting' and send_after <= now()`

const mayGo = Prisma.sql`g.state in ('first', 'sending') and g.starts_at <= now()
  and (c.state = 'open' or g.corrects_id is not null and c.state <> 'closed')`

const isGoing = Prisma.sql`(select mail_stopped_at is null from installation where id = 1)`

// Intl would take longer than the query.
const midnight = () => {
  const { timeZone } = env().institution
  return Prisma.sql`(date_trunc('day', now() at time zone ${timeZone}::text) at time zone ${timeZone}::text)`
}

const sentToday = () => Prisma.sql`(
  select count(*)::int from mail
  where state in ('sending', 'sent', 'perhaps_sent', 'withheld') and sending_at >= ${midnight()})`

/** More than are claimed at the same moment. */
const nearLimit = 100

const perDay = () => env().mail?.perDay ?? 0

/**
 * Locks the mail that is next, until the transaction ends; null if none may go now. Mails outside a mailing come first,
 * then those of the oldest mailing that may go.
 */
export async function lockNextMail(tx: Tx): Promise<OutgoingMail | null> {
  const next = await lockBelow(tx, perDay() - nearLimit)
  if (next || (await countSentToday(tx)) < perDay() - nearLimit) return next
  // Near the limit they are claimed one after another, so that together they do not pass it.
  await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended('last mails of the day', 0))`
  return lockBelow(tx, perDay())
}

async function lockBelow(tx: Tx, limit: number): Promise<OutgoingMail | null> {
  const [next] = await queryRows(
    tx,
    z.object({ id: z.string() }),
    Prisma.sql`
    with alone as materialized (
      select * from mail where mailing_id is null and ${due} and ${isGoing}
      order by send_after, id limit 1 for update skip locked),
    others as materialized (
      select m.* from (
        select g.id from mailing g join campaign c on c.id = g.campaign_id
        where ${mayGo} order by g.starts_at, g.id) may_go
      cross join lateral (
        select * from mail where mailing_id = may_go.id and ${due}
        order by send_after, id limit 1 for update skip locked) m
      where ${isGoing} and not exists (select from alone) and ${sentToday()} < ${limit}
      limit 1)
    select id::text from alone union all select id::text from others`,
  )
  return next ? tx.mail.findUnique({ where: { id: next.id }, select: outgoingFields }) : null
}

/** What has been handed over since midnight, in the time zone of the institution. */
export async function countSentToday(tx: Queryable): Promise<number> {
  const [row] = await queryRows(tx, z.object({ count: z.number() }), Prisma.sql`select ${sentToday()} as count`)
  return row?.count ?? 0
}

/** How many may go now, counted up to `max`: whether, and for how many, connections are to be opened. */
export async function countDue(tx: Tx, max: number): Promise<number> {
  const [row] = await queryRows(
    tx,
    z.object({ count: z.number() }),
    Prisma.sql`
    select count(*)::int as count from (
      (select id from mail where mailing_id is null and ${due} and ${isGoing} limit ${max})
      union all
      select m.id from (
        select g.id from mailing g join campaign c on c.id = g.campaign_id
        where ${mayGo} and ${isGoing} and ${sentToday()} < ${perDay()}) may_go
      cross join lateral (select id from mail where mailing_id = may_go.id and ${due} limit ${max}) m
      limit ${max}) found`,
  )
  return row?.count ?? 0
}
