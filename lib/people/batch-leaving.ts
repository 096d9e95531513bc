import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import { db, Prisma, queryRows, type Tx } from '@/lib/db'
import { lockPeople } from '@/lib/people/binding'
import { personStates } from '@/lib/people/person'
import { type Selection, toSelectionCondition } from '@/lib/people/selection'

/** A person’s state and last day. */
const lastDay = z.object({ state: z.enum(personStates), leavesOn: z.string().nullable() })
export type LastDay = z.infer<typeof lastDay>

const planned = lastDay.extend({ personId: z.string() })

/** The selected people by name, each with the reason why a last day would not be set, or null. */
export async function planLeaving(
  actor: StaffActor,
  { selection, scopes }: { selection: Selection; scopes: readonly string[] },
  leavesOn: string,
): Promise<{ personId: string; reason: string | null }[]> {
  const people = await queryRows(
    db(),
    planned,
    Prisma.sql`
      select id::text as "personId", state::text, leaves_on::text as "leavesOn" from person
      where ${toSelectionCondition(actor, { selection, scopes })} order by name collate "und-x-icu", id`,
  )
  return people.map(({ personId, ...person }) => ({ personId, reason: findObstacle(person, leavesOn) }))
}

function findObstacle(person: LastDay, leavesOn: string): string | null {
  if (person.state === 'left') return 'left'
  return person.leavesOn === leavesOn ? 'unchanged' : null
}

/** Sets the last day. Returns what was before, or the reason why it was left out. */
export async function markLeaving(
  tx: Tx,
  actor: StaffActor,
  { personId, leavesOn, requestId }: { personId: string; leavesOn: string; requestId: string },
): Promise<{ before: LastDay } | { reason: string }> {
  const before = await lockLastDay(tx, personId)
  const reason = before ? findObstacle(before, leavesOn) : 'gone'
  if (!before || reason) return { reason: reason ?? 'gone' }
  await setLastDay(tx, actor, { personId, lastDay: { state: 'leaving', leavesOn }, requestId })
  return { before }
}

/** Gives back the state and last day, unless they have changed since. */
export async function unmarkLeaving(
  tx: Tx,
  actor: StaffActor,
  { personId, leavesOn, before, requestId }: { personId: string; leavesOn: string; before: unknown; requestId: string },
): Promise<boolean> {
  const now = await lockLastDay(tx, personId)
  if (!isAsMarked(now, leavesOn)) return false
  await setLastDay(tx, actor, { personId, lastDay: lastDay.parse(before), requestId })
  return true
}

export const isAsMarked = (person: LastDay | null, leavesOn: string) =>
  person?.state === 'leaving' && person.leavesOn === leavesOn

/** The state and last day of people, by id. */
export async function findLastDays(personIds: readonly string[]): Promise<Map<string, LastDay>> {
  const found = await queryRows(
    db(),
    planned,
    Prisma.sql`select id::text as "personId", state::text, leaves_on::text as "leavesOn" from person
      where id = any(${[...personIds]}::uuid[])`,
  )
  return new Map(found.map(({ personId, ...person }) => [personId, person]))
}

async function lockLastDay(tx: Tx, personId: string): Promise<LastDay | null> {
  const [person] = await lockPeople(tx, [personId])
  if (!person || person.mergedIntoId) return null
  const [found] = await queryRows(
    tx,
    lastDay,
    Prisma.sql`select state::text, leaves_on::text as "leavesOn" from person where id = ${personId}::uuid`,
  )
  return found ?? null
}

type Change = { personId: string; lastDay: LastDay; requestId: string }

async function setLastDay(tx: Tx, actor: StaffActor, { personId, lastDay: to, requestId }: Change): Promise<void> {
  const { researcherId } = await tx.person.update({
    where: { id: personId },
    data: { state: to.state, leavesOn: to.leavesOn && new Date(to.leavesOn) },
    select: { researcherId: true },
  })
  await recordEvent(tx, actor, { action: 'person.changed', researcherId, requestId, detail: { personId } })
}
