import 'server-only'
import { z } from 'zod'
import {
  type AskedPerson,
  batchSize,
  isOpen,
  localeOf,
  mayBeAsked,
  mayGet,
  withoutSuppressed,
} from '@/lib/campaigns/audience'
import { type PlacedStep, placeBefore } from '@/lib/campaigns/campaign'
import { isNotToBeAsked } from '@/lib/campaigns/do-not-ask'
import type { Campaign } from '@/lib/campaigns/queries'
import { db, inTransaction, Prisma, queryRows, type Tx, toSqlTime } from '@/lib/db'

const days = (count: number) => Prisma.sql`make_interval(days => ${count})`

/** SQL on `invitation i`: the step is due by what came before it, whoever the person is. */
function isDue(campaign: Campaign, step: PlacedStep): Prisma.Sql {
  const { place, afterDays, times, audience } = step
  const repeated =
    times > 1
      ? Prisma.sql`(i.step = ${place} and i.times < ${times} and i.last_mail_at + ${days(afterDays)} <= now())`
      : Prisma.sql`false`
  if (place === 1) return Prisma.sql`(${isFirstDue(campaign, afterDays)} or ${repeated})`
  const before = placeBefore(campaign.steps, step)
  const unfinished = campaign.steps
    .filter((earlier) => earlier.place < place && earlier.audience === audience && earlier.times > 1)
    .map((earlier) => Prisma.sql`and not (i.step = ${earlier.place} and i.times < ${earlier.times})`)
  const first = Prisma.sql`(i.step between ${before} and ${place - 1} and i.last_mail_at + ${days(afterDays)} <= now()
    ${unfinished.length > 0 ? Prisma.join(unfinished, ' ') : Prisma.empty})`
  return Prisma.sql`(${first} or ${repeated})`
}

/** Newcomers wait from the day on which they were found. */
function isFirstDue({ openedAt, invitedAt, newcomersAfterDays }: Campaign, afterDays: number): Prisma.Sql {
  const opened = Prisma.sql`(${toSqlTime(openedAt)} + ${days(afterDays)} <= now())`
  const isNewcomer = Prisma.sql`i.made_at > ${toSqlTime(invitedAt)}`
  const newcomer =
    newcomersAfterDays === null ? Prisma.sql`false` : Prisma.sql`i.made_at + ${days(newcomersAfterDays)} <= now()`
  return Prisma.sql`(i.step = 0 and ${opened} and case when ${isNewcomer} then ${newcomer} else true end)`
}

/** SQL on `invitation i`: this step’s mail was refused or left out, and is not tried again. */
const hasFailed = ({ place }: PlacedStep): Prisma.Sql => Prisma.sql`exists (
  select from mail m join mailing g on g.id = m.mailing_id
  where m.invitation_id = i.id and g.step = ${place} and g.state <> 'taken_back'
    and (m.state = 'refused' or m.state = 'suppressed' and m.reason is distinct from 'stopped'))`

/** SQL on `person` and `invitation i`: gets the step’s mail now. */
export const getsStep = (campaign: Campaign, step: PlacedStep): Prisma.Sql =>
  Prisma.sql`i.campaign_id = ${campaign.id}::uuid and ${isOpen} and ${isDue(campaign, step)} and ${mayGet(campaign, step)}
    and not ${hasFailed(step)}`

const recipient = z.object({
  invitationId: z.string(),
  id: z.string(),
  name: z.string().nullable(),
  email: z.string(),
  locale: z.string(),
})
export type Recipient = z.infer<typeof recipient>

/** SQL on `person` and `invitation i`: has a row in the file for a mail merge, which nobody withholds later. */
export const mayMerge = (campaign: Campaign): Prisma.Sql =>
  Prisma.sql`i.campaign_id = ${campaign.id}::uuid and i.ended_at is null and ${mayBeAsked(campaign)}
    and not ${isNotToBeAsked(Prisma.sql`person.id`)}`

/** Who gets a step now, at most `limit`; where newcomers are asked, those who were invited first before others. */
export async function listDue(
  tx: Tx,
  campaign: Campaign,
  step: PlacedStep,
  { limit, mailingId = null }: { limit: number; mailingId?: string | null },
): Promise<Recipient[]> {
  const inMailing = mailingId
    ? Prisma.sql`and not exists (select from mail m where m.invitation_id = i.id and m.mailing_id = ${mailingId}::uuid)`
    : Prisma.empty
  // An index has them by person.
  const byTime = step.place === 1 && campaign.newcomersAfterDays !== null
  return listRecipients(tx, Prisma.sql`${getsStep(campaign, step)} ${inMailing}`, { limit, byTime })
}

/** Whom a condition on `person` and `invitation i` finds and mail can reach, at most `limit`. */
export async function listRecipients(
  tx: Tx,
  condition: Prisma.Sql,
  { limit, byTime = false }: { limit: number; byTime?: boolean },
): Promise<Recipient[]> {
  const due: Recipient[] = []
  let after = Prisma.empty
  for (;;) {
    const found: (Recipient & { madeAt: Date })[] = await queryRows(
      tx,
      recipient.extend({ madeAt: z.date() }),
      Prisma.sql`
        select i.id as "invitationId", person.id, name, email, ${localeOf()} as locale, i.made_at as "madeAt"
        from invitation i join person on person.id = i.person_id
        where ${condition} ${after}
        order by ${byTime ? Prisma.sql`i.made_at,` : Prisma.empty} i.person_id limit ${limit}`,
    )
    const people = await withoutSuppressed(tx, found)
    due.push(...people.map(({ madeAt: _madeAt, ...person }) => person))
    const last = found.at(-1)
    // Those whose address gets no mail must not keep others from getting theirs.
    if (due.length >= limit || found.length < limit || !last) return due.slice(0, limit)
    after = byTime
      ? Prisma.sql`and (i.made_at, i.person_id) > (${toSqlTime(last.madeAt)}, ${last.id}::uuid)`
      : Prisma.sql`and i.person_id > ${last.id}::uuid`
  }
}

export type DueStep = { step: PlacedStep; recipients: number; sample: AskedPerson[] }

const sampleSize = 10

const counted = z.object({ id: z.string(), email: z.string(), isNewcomer: z.boolean() })

/** How many get a step now, ten of them, and no more newcomers than a day may have. Changes nothing. */
export async function measureStep(campaign: Campaign, step: PlacedStep): Promise<DueStep> {
  let invited = 0
  let newcomers = 0
  let after: string | null = null
  do {
    const { people, next }: { people: z.infer<typeof counted>[]; next: string | null } = await readDue(
      campaign,
      step,
      after,
    )
    const fresh = people.filter(({ isNewcomer }) => isNewcomer).length
    newcomers += fresh
    invited += people.length - fresh
    after = next
  } while (after)
  const perDay = step.place === 1 ? (campaign.newcomersPerDay ?? 0) : newcomers
  const recipients = invited + Math.min(newcomers, perDay)
  if (recipients === 0) return { step, recipients, sample: [] }
  const limit = Math.min(sampleSize, recipients)
  return { step, recipients, sample: await inTransaction((tx) => listDue(tx, campaign, step, { limit })) }
}

/** The next people by id who get a step, as `listDue` has them, and where to go on; null at the end. */
function readDue(campaign: Campaign, step: PlacedStep, after: string | null) {
  return inTransaction(async (tx) => {
    const found = await queryRows(
      tx,
      counted,
      Prisma.sql`
        select person.id, email, coalesce(i.made_at > ${toSqlTime(campaign.invitedAt)}, false) as "isNewcomer"
        from invitation i join person on person.id = i.person_id
        where ${getsStep(campaign, step)} ${after ? Prisma.sql`and i.person_id > ${after}::uuid` : Prisma.empty}
        order by i.person_id limit ${batchSize}`,
    )
    const last = found.at(-1)
    const people = await withoutSuppressed(tx, found)
    return { people, next: found.length === batchSize && last ? last.id : null }
  })
}

/**
 * What an invitation says of its last mail, from the outbox: the step, how often it was sent, and when. A mail that was
 * perhaps sent counts as sent, and so does one that was withheld.
 */
export function noteSentMails(campaignId: string): Promise<number> {
  return db().$executeRaw`
    with sent as (
      select m.invitation_id, g.step, coalesce(m.sent_at, m.sending_at) as at
      from mail m join mailing g on g.id = m.mailing_id
      where g.campaign_id = ${campaignId}::uuid and g.step is not null and g.state <> 'taken_back'
        and m.state in ('sending', 'sent', 'perhaps_sent', 'withheld')),
    last as (select invitation_id, max(step) as step, max(at) as at from sent group by invitation_id),
    counted as (
      select last.invitation_id, last.step, last.at, count(*)::int as times
      from last join sent on sent.invitation_id = last.invitation_id and sent.step = last.step
      group by 1, 2, 3)
    update invitation i set step = counted.step, times = counted.times, last_mail_at = counted.at
    from counted
    where i.id = counted.invitation_id and counted.step >= i.step
      and (i.step, i.times, i.last_mail_at) is distinct from (counted.step, counted.times, counted.at)`
}
