import 'server-only'
import { z } from 'zod'
import { type StaffActor, system } from '@/lib/actor'
import { recordEvent, recordEvents } from '@/lib/audit/commands'
import { dayOf, toDay } from '@/lib/config/day'
import { env } from '@/lib/config/env'
import { db, inTransaction, Prisma, queryRows, type Tx } from '@/lib/db'
import { enqueueJob } from '@/lib/jobs/queue'
import { lockPeople } from '@/lib/people/binding'
import { PeopleError } from '@/lib/people/person'

/** SQL on the table `person`: their last day is over. `today`: as `toDay` has it. */
export const isOver = (today: string) => Prisma.sql`(leaves_on < ${today}::date and merged_into_id is null)`

/** SQL on the table `person`: the day on which somebody who has left, without a live permission, is erased. */
export const erasedOn = () =>
  Prisma.sql`(${dayOf(Prisma.sql`left_at`)} + make_interval(months => ${env().leavers.keepMonths}::int))::date`

/** Whether nothing may be read or written with the researcher's permission for now. */
export async function isPaused(researcherId: string): Promise<boolean> {
  return (await db().person.count({ where: { researcherId, state: 'paused' } })) > 0
}

/**
 * Sets or clears somebody's last day. Whoever comes back resumes at once.
 *
 * @throws PeopleError `erased`
 */
export function setLastDay(
  actor: StaffActor,
  { id, lastDay, requestId }: { id: string; lastDay: string | null; requestId: string },
): Promise<void> {
  return inTransaction(async (tx) => {
    const [person] = await lockPeople(tx, [id])
    if (!person || person.mergedIntoId) throw new PeopleError('erased')
    await changeLastDay(tx, actor, { ...person, lastDay, requestId })
  })
}

type LastDayChange = { id: string; researcherId: string | null; lastDay: string | null; requestId: string }

/** As `setLastDay`, in the transaction that has locked the person. */
export async function changeLastDay(
  tx: Tx,
  actor: StaffActor,
  { id, researcherId, lastDay, requestId }: LastDayChange,
): Promise<void> {
  const changed = await tx.$executeRaw`
    update person set leaves_on = ${lastDay}::date
    where id = ${id}::uuid and leaves_on is distinct from ${lastDay}::date`
  if (changed === 0) return
  await recordEvent(tx, actor, { action: 'person.leaves', researcherId, requestId, detail: { personId: id } })
  await followLastDays(tx, toDay(new Date()), id)
}

const returned = z.object({ id: z.string(), researcherId: z.string().nullable() })

/**
 * Makes the states follow the last days, for one person or for all: `leaving` once the day is known, and back to `active`
 * or `leaving` for people whose last day was cleared or moved. What waited while they were paused goes on.
 */
export async function followLastDays(tx: Tx, today: string, onlyId: string | null = null): Promise<void> {
  const who = onlyId ? Prisma.sql`id = ${onlyId}::uuid and` : Prisma.empty
  const stays = Prisma.sql`${who} merged_into_id is null and (leaves_on is null or leaves_on >= ${today}::date)`
  const now = Prisma.sql`(case when leaves_on is null then 'active' else 'leaving' end)::person_state`
  const back = await queryRows(
    tx,
    returned,
    Prisma.sql`
      update person set state = ${now}, end_dated_at = null, paused_at = null, left_at = null
      where ${stays} and (state in ('paused', 'left') or end_dated_at is not null)
      returning id::text, researcher_id::text as "researcherId"`,
  )
  await tx.$executeRaw`
    update person set state = ${now}
    where ${who} merged_into_id is null and state in ('active', 'leaving') and state <> ${now}`
  await recordEvents(
    tx,
    system,
    back.map(({ id, researcherId }) => ({ action: 'person.returned', researcherId, detail: { personId: id } })),
  )
  const researcherIds = back.flatMap(({ researcherId }) => researcherId ?? [])
  if (researcherIds.length === 0) return
  await tx.$executeRaw`
    update "grant" set next_check_at = now()
    where researcher_id = any(${researcherIds}::uuid[]) and sealed_access_token is not null`
  await enqueueJob(tx, 'resume-affiliations', { key: 'resume-affiliations:returned' })
}
