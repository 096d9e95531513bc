import 'server-only'
import { z } from 'zod'
import { env } from '@/lib/config/env'
import { Prisma, type Queryable, queryRows, type Tx } from '@/lib/db'
import { firstMails, type OutgoingMail } from '@/lib/mail/mail'

const due = Prisma.sql`state = 'waiting' and send_after <= now()`

// A mailing that may send now.
const mayGo = Prisma.sql`g.starts_at <= now() and c.state = 'open'`

// Intl would take longer than the query.
const midnight = () => {
  const { timeZone } = env().institution
  return Prisma.sql`(date_trunc('day', now() at time zone ${timeZone}::text) at time zone ${timeZone}::text)`
}

const sentToday = () => Prisma.sql`(
  select count(*)::int from mail
  where state in ('sending', 'sent', 'perhaps_sent') and sending_at >= ${midnight()})`

const columns = Prisma.sql`id::text, kind::text, template, locale, person_id::text as "personId", address,
  staff_id::text as "staffId", invitation_id::text as "invitationId", mailing_id::text as "mailingId", values,
  message_id as "messageId"`

/** More than are claimed at the same moment. */
const nearLimit = 100

const perDay = () => env().mail?.perDay ?? 0

/**
 * Locks the mail that is next, until the transaction ends; null if none may go now. Mails outside a mailing come first,
 * then the first ones of mailings, then the others, the oldest mailing first.
 */
export async function lockNextMail(tx: Tx): Promise<OutgoingMail | null> {
  const usual = await lockUsual(tx)
  if (usual || (await isStopped(tx))) return usual
  for (const { id, state } of await listSendingMailings(tx)) {
    const condition = state === 'first' ? await amongFirst(tx, id) : Prisma.sql`true`
    const [mail] = condition
      ? await tx.$queryRaw<OutgoingMail[]>`
          select ${columns} from mail where mailing_id = ${id}::uuid and ${due} and ${condition}
          order by send_after, id limit 1 for update skip locked`
      : []
    if (mail) return mail
  }
  return null
}

/** One query for what is nearly always so: no mailing is at its first mails, and the limit of the day is far. */
async function lockUsual(tx: Tx): Promise<OutgoingMail | null> {
  const [mail] = await tx.$queryRaw<OutgoingMail[]>`
    with alone as materialized (
      select * from mail
      where mailing_id is null and ${due}
        and (select mail_stopped_at is null from installation where id = 1)
      order by send_after, id limit 1 for update skip locked),
    others as materialized (
      select m.* from (
        select g.id from mailing g join campaign c on c.id = g.campaign_id
        where g.state = 'sending' and ${mayGo} order by g.starts_at, g.id) sending
      cross join lateral (
        select * from mail where mailing_id = sending.id and ${due}
        order by send_after, id limit 1 for update skip locked) m
      where (select mail_stopped_at is null from installation where id = 1)
        and not exists (select from alone)
        and not exists (
          select from mailing g join campaign c on c.id = g.campaign_id
          where g.state = 'first' and ${mayGo} and exists (select from mail where mailing_id = g.id and ${due}))
        and ${sentToday()} < ${perDay() - nearLimit}
      limit 1)
    select ${columns} from alone union all select ${columns} from others`
  return mail ?? null
}

async function isStopped(tx: Tx): Promise<boolean> {
  const row = await tx.installation.findUnique({ where: { id: 1 }, select: { mailStoppedAt: true } })
  return !row || row.mailStoppedAt !== null
}

const mailing = z.object({ id: z.string(), state: z.enum(['first', 'sending']) })

/** The mailings that may send now. None when `MAIL_PER_DAY` have gone since midnight. */
async function listSendingMailings(tx: Tx) {
  const sending = await queryRows(
    tx,
    mailing,
    Prisma.sql`
      select g.id::text, g.state::text from mailing g join campaign c on c.id = g.campaign_id
      where g.state in ('first', 'sending') and ${mayGo} order by g.state = 'sending', g.starts_at, g.id`,
  )
  if (sending.length === 0 || perDay() - (await countSentToday(tx)) > nearLimit) return sending
  // Near the limit they are claimed one after another, so that together they do not pass it.
  await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended('last mails of the day', 0))`
  return (await countSentToday(tx)) < perDay() ? sending : []
}

/** What has been handed over since midnight, in the time zone of the institution. */
export async function countSentToday(tx: Queryable): Promise<number> {
  const [row] = await queryRows(tx, z.object({ count: z.number() }), Prisma.sql`select ${sentToday()} as count`)
  return row?.count ?? 0
}

/**
 * Which of a mailing's mails may go while its first ones do. Locks the mailing, so that there are no more of them; when
 * they have gone and others wait, somebody looks at the bounces first.
 */
async function amongFirst(tx: Tx, mailingId: string): Promise<Prisma.Sql | null> {
  const [held] = await tx.$queryRaw<unknown[]>`
    select 1 from mailing where id = ${mailingId}::uuid and state = 'first' for update`
  if (!held) return null
  const [row] = await tx.$queryRaw<{ gone: number; waiting: boolean }[]>`
    select count(*) filter (where sending_at is not null and state <> 'suppressed')::int as gone,
      coalesce(bool_or(state = 'waiting' and sending_at is null), false) as waiting
    from mail where mailing_id = ${mailingId}::uuid`
  if (!row || row.gone < firstMails) return Prisma.sql`true`
  // All of them are first ones: what failed for now is repeated.
  if (!row.waiting) return Prisma.sql`sending_at is not null`
  await tx.mailing.updateMany({ where: { id: mailingId }, data: { state: 'to_be_looked_at' } })
  return null
}

/** How many may go now, counted up to `max`: whether, and for how many, connections are to be opened. */
export async function countDue(tx: Tx, max: number): Promise<number> {
  if (await isStopped(tx)) return 0
  const mailings = (await listSendingMailings(tx)).map(({ id }) => id)
  const [row] = await tx.$queryRaw<{ count: number }[]>`
    select count(*)::int as count from (
      (select id from mail where mailing_id is null and ${due} limit ${max})
      union all
      select m.id from unnest(${mailings}::uuid[]) as g (id)
      cross join lateral (select id from mail where mailing_id = g.id and ${due} limit ${max}) m
      limit ${max}) found`
  return row?.count ?? 0
}
