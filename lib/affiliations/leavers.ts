import 'server-only'
import { z } from 'zod'
import { type StaffActor, system } from '@/lib/actor'
import { openStates } from '@/lib/affiliations/affiliation'
import { enqueueWriting } from '@/lib/affiliations/claim'
import { countToday, isDueOn } from '@/lib/affiliations/leaver-plan'
import { recordEvent, recordEvents } from '@/lib/audit/commands'
import { toDay } from '@/lib/config/day'
import { env } from '@/lib/config/env'
import { db, inTransaction, Prisma, queryRows, type Tx } from '@/lib/db'
import { giveBackGrants } from '@/lib/grants/commands'
import { enqueueJob } from '@/lib/jobs/queue'
import { forEachRow } from '@/lib/jobs/rows'
import { isBefore } from '@/lib/people/fuzzy-date'
import { followLastDays } from '@/lib/people/leaving'
import { findLockedResearcher } from '@/lib/researchers/commands'

/**
 * Does what the institution has chosen for people whose last day is over (`LEAVERS`), one person at a time. Where
 * unusually many leave in a day, only those to whom an administrator has said yes. Idempotent.
 */
export async function handleLeavers(now = new Date()): Promise<void> {
  const today = toDay(now)
  await inTransaction((tx) => followLastDays(tx, today))
  const { isHeld } = await countToday(today)
  const approved = isHeld
    ? Prisma.sql`and (end_dated_at is not null or exists (
        select from leaver_approval a where a.person_id = person.id and a.day = ${today}::date))`
    : Prisma.empty
  const due = await queryRows(
    db(),
    z.object({ id: z.string() }),
    Prisma.sql`select id::text from person where ${isDueOn(today)} ${approved} order by leaves_on, id`,
  )
  await forEachRow(
    'handling a leaver',
    due.map(({ id }) => id),
    (id) => inTransaction((tx) => takeStep(tx, id, today)),
  )
}

const leaver = z.object({
  id: z.string(),
  researcherId: z.string().nullable(),
  state: z.enum(['active', 'leaving', 'paused']),
  leavesOn: z.string(),
  isEndDated: z.boolean(),
  hasPermission: z.boolean(),
})
type Leaver = z.infer<typeof leaver>

/** Takes the next step for one person. Items get their end date, and are written, before the permission rests. */
async function takeStep(tx: Tx, id: string, today: string): Promise<void> {
  const person = await lockLeaver(tx, id, today)
  if (!person) return
  const { steps } = env().leavers
  if (person.state !== 'paused' && steps.includes('end-date')) {
    if (!person.isEndDated) await endDateItems(tx, person)
    if (await isWriting(tx, id)) return
  }
  if (person.state !== 'paused' && steps.includes('pause') && person.hasPermission) await pause(tx, person)
  else await leave(tx, person)
}

/** The researcher comes first, as in every change of a grant. Null if the person is no longer due. */
async function lockLeaver(tx: Tx, id: string, today: string): Promise<Leaver | null> {
  const found = await tx.person.findUnique({ where: { id }, select: { researcherId: true } })
  if (found?.researcherId) await findLockedResearcher(tx, found.researcherId)
  const [person] = await queryRows(
    tx,
    leaver,
    Prisma.sql`
      select id::text, researcher_id::text as "researcherId", state::text, leaves_on::text as "leavesOn",
        end_dated_at is not null as "isEndDated", cardinality(live_scopes) > 0 as "hasPermission"
      from person where id = ${id}::uuid and ${isDueOn(today)} for update`,
  )
  return person && person.researcherId === found?.researcherId ? person : null
}

/** They are held once and for all, or written: an end changes nothing about them. */
const withoutEnd = ['qualification', 'distinction', 'work'] as const

async function endDateItems(tx: Tx, { id: personId, researcherId, leavesOn }: Leaver): Promise<void> {
  const items = await tx.affiliation.findMany({
    where: {
      personId,
      removal: null,
      kind: { notIn: [...withoutEnd] },
      state: { notIn: ['deleted', 'deleted_by_person', 'deleting'] },
    },
    select: { id: true, kind: true, startOn: true, endOn: true, putCode: true, state: true },
  })
  const ongoing = items.filter(
    ({ startOn, endOn }) =>
      (endOn === null || isBefore(leavesOn, endOn)) && !(startOn !== null && isBefore(leavesOn, startOn)),
  )
  if (ongoing.length === 0) return
  const now = new Date()
  for (const { id, putCode, state } of ongoing) {
    // What waits for the person's own word still waits.
    const isWritten = putCode !== null && state !== 'to_be_confirmed' && state !== 'waiting_for_answer'
    const again = isWritten ? { state: 'updating' as const, tries: 0, reason: null } : {}
    await tx.affiliation.update({
      where: { id },
      data: { endOn: leavesOn, revision: { increment: 1 }, changedAt: now, nextTryAt: now, ...again },
    })
  }
  await tx.person.update({ where: { id: personId }, data: { endDatedAt: now } })
  await recordEvents(tx, system, [
    ...ongoing.map(({ id, kind }) => ({
      action: 'affiliation.changed' as const,
      researcherId,
      detail: { affiliationId: id, kind, because: 'left' },
    })),
    { action: 'person.end_dated', researcherId, detail: { personId, items: ongoing.length } },
  ])
  await enqueueWriting(
    tx,
    ongoing.map(({ id }) => id),
  )
}

/** Something on the record has still to be brought up to date. */
async function isWriting(tx: Tx, personId: string): Promise<boolean> {
  const item = await tx.affiliation.findFirst({
    where: {
      personId,
      state: { in: [...openStates] },
      OR: [{ putCode: { not: null } }, { postedRevision: { not: null } }],
    },
    select: { id: true },
  })
  return item !== null
}

async function pause(tx: Tx, { id, researcherId }: Leaver): Promise<void> {
  await tx.person.update({ where: { id }, data: { state: 'paused', pausedAt: new Date() } })
  // So that the sweep does not pass over them every minute.
  await tx.grant.updateMany({
    where: { researcherId: researcherId ?? '', sealedAccessToken: { not: null }, suspicion: null },
    data: { nextCheckAt: new Date(Date.now() + env().leavers.pauseDays * 86_400_000) },
  })
  await recordEvent(tx, system, { action: 'person.paused', researcherId, detail: { personId: id } })
}

async function leave(tx: Tx, { id, researcherId }: Leaver): Promise<void> {
  await tx.person.update({ where: { id }, data: { state: 'left', leftAt: new Date() } })
  const isRevoked = researcherId !== null && env().leavers.steps.includes('revoke')
  const grants = isRevoked ? await giveBackGrants(tx, researcherId) : 0
  await recordEvent(tx, system, { action: 'person.left', researcherId, detail: { personId: id, grants } })
}

/** An administrator's yes to everybody who is due today. Returns their number. */
export function approveLeavers(actor: StaffActor, requestId: string, now = new Date()): Promise<number> {
  const today = toDay(now)
  return inTransaction(async (tx) => {
    const people = await tx.$executeRaw`
      insert into leaver_approval (day, person_id, approved_by_id)
      select ${today}::date, id, ${actor.staffId}::uuid from person where ${isDueOn(today)}
      on conflict do nothing`
    if (people > 0)
      await recordEvent(tx, actor, { action: 'leavers.approved', requestId, detail: { day: today, people } })
    await enqueueJob(tx, 'leavers', { key: 'leavers' })
    return people
  })
}
