import 'server-only'
import { z } from 'zod'
import type { StaffActor, SystemActor } from '@/lib/actor'
import { openStates } from '@/lib/affiliations/affiliation'
import { dayOf, daysAgo, toDay } from '@/lib/config/day'
import { env } from '@/lib/config/env'
import { db, Prisma, queryRows } from '@/lib/db'
import { erasedOn, isOver } from '@/lib/people/leaving'

const stands = Prisma.sql`state in ('active', 'leaving')`
const pauseEndsOn = () => Prisma.sql`(${dayOf(Prisma.sql`paused_at`)} + ${env().leavers.pauseDays}::int)`
const isRevoked = () => (env().leavers.steps.includes('revoke') ? Prisma.sql`true` : Prisma.sql`false`)

/** SQL on the table `person`: something is to be done for them today. */
export const isDueOn = (today: string) => Prisma.sql`(${isOver(today)}
  and (${stands} or (state = 'paused' and ${isRevoked()} and ${pauseEndsOn()} <= ${today}::date)))`

/** Something was begun today: their end, or the revocation after the pause. */
const isBegun = (today: string) => Prisma.sql`(
  ${dayOf(Prisma.sql`coalesce(end_dated_at, paused_at, left_at)`)} is not distinct from ${today}::date
  or (paused_at is not null and ${dayOf(Prisma.sql`left_at`)} is not distinct from ${today}::date))`

/** More than this share of people in a day needs an administrator's yes. */
export const shareMax = 0.05

export type DayCount = { affected: number; active: number; isHeld: boolean }

/** How many people are affected today, of how many, and whether that needs a yes. */
export async function countToday(today: string, { onlyListed = false } = {}): Promise<DayCount> {
  const isNew = Prisma.sql`(${isDueOn(today)} and (end_dated_at is null or state = 'paused'))`
  const [row] = await queryRows(
    db(),
    z.object({ affected: z.number(), active: z.number() }),
    Prisma.sql`
      select count(*) filter (where ${isNew} or ${isBegun(today)})::int as affected,
        count(*) filter (where ${stands} or ${isBegun(today)})::int as active
      from person where merged_into_id is null and (listed or not ${onlyListed}::boolean)`,
  )
  const { affected, active } = row ?? { affected: 0, active: 0 }
  return { affected, active, isHeld: affected > shareMax * active }
}

const who = {
  id: z.string(),
  name: z.string().nullable(),
  localId: z.string().nullable(),
  department: z.string().nullable(),
}
const whoSql = Prisma.sql`person.id::text, person.name, person.local_id as "localId", person.department`

const planned = z.object({
  ...who,
  /** `end`: the last day is over; `write`: their items are being brought up to date; `revoke`: the pause is over. */
  what: z.enum(['end', 'write', 'revoke', 'erase']),
  on: z.string(),
  /** On their record; for `write`, those that still wait. */
  items: z.number(),
  hasPermission: z.boolean(),
  total: z.number(),
})
export type PlannedStep = z.infer<typeof planned>

const done = z.object({ ...who, what: z.enum(['end_dated', 'paused', 'left']), at: z.date(), total: z.number() })
export type DoneStep = z.infer<typeof done>

export const planDays = 30

/** What is to be done until `planDays` from now, first what is due. Changes nothing. */
export function listPlan(_actor: StaffActor | SystemActor, most: number, now = new Date()): Promise<PlannedStep[]> {
  const until = daysAgo(-planDays, now)
  return queryRows(
    db(),
    planned,
    Prisma.sql`
      with step as (
        select id, 'end' as what, leaves_on + 1 as day from person where ${stands} and end_dated_at is null
        union all select id, 'write', ${dayOf(Prisma.sql`end_dated_at`)} from person where ${stands} and end_dated_at is not null
        union all select id, 'revoke', ${pauseEndsOn()} from person where state = 'paused' and ${isRevoked()}
        union all select id, 'erase', ${erasedOn()} from person where state = 'left' and cardinality(live_scopes) = 0
      )
      select ${whoSql}, what, day::text as "on", cardinality(live_scopes) > 0 as "hasPermission",
        (select count(*)::int from affiliation a where a.person_id = person.id and a.put_code is not null
          and (a.state::text = any(${[...openStates]}::text[]) or (what <> 'write' and a.state not in ('deleted', 'deleted_by_person')))) as items,
        count(*) over ()::int as total
      from step join person using (id)
      where person.listed and day <= ${until}::date order by day, name, id limit ${most}`,
  )
}

/** What was done in the last `planDays`, newest first. */
export function listDone(_actor: StaffActor, most: number, now = new Date()): Promise<DoneStep[]> {
  const since = daysAgo(planDays, now)
  return queryRows(
    db(),
    done,
    Prisma.sql`
      select ${whoSql}, what, at, count(*) over ()::int as total
      from person, lateral (values ('end_dated', end_dated_at), ('paused', paused_at), ('left', left_at)) as step (what, at)
      where listed and at >= ${since}::date order by at desc, name, id limit ${most}`,
  )
}

/** How many people of today's list wait for a yes; 0 where none is needed. Counts people who are listed. */
export async function countLeaversToApprove(_actor: StaffActor, now = new Date()): Promise<number> {
  const today = toDay(now)
  const waiting = await countUnapproved(today)
  return waiting > 0 && (await countToday(today, { onlyListed: true })).isHeld ? waiting : 0
}

async function countUnapproved(today: string): Promise<number> {
  const [row] = await queryRows(
    db(),
    z.object({ people: z.number() }),
    Prisma.sql`
      select count(*)::int as people from person
      where listed and ${isDueOn(today)} and (end_dated_at is null or state = 'paused')
        and not exists (select from leaver_approval a where a.person_id = person.id and a.day = ${today}::date)`,
  )
  return row?.people ?? 0
}

/** Today's count, who of today's list waits for a yes, and who said it last. Counts people who are listed. */
export async function findApproval(_actor: StaffActor, now = new Date()) {
  const today = toDay(now)
  const [count, waiting, last] = await Promise.all([
    countToday(today, { onlyListed: true }),
    countUnapproved(today),
    db().leaverApproval.findFirst({
      where: { day: new Date(today) },
      orderBy: { approvedAt: 'desc' },
      select: { approvedAt: true, approvedBy: { select: { name: true, orcid: true } } },
    }),
  ])
  return { ...count, waiting, last }
}
