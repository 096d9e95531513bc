import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { db, Prisma, queryRows, type Tx } from '@/lib/db'
import { lockPeople } from '@/lib/people/binding'
import { changeLastDay } from '@/lib/people/leaving'
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
  const person = await lockWithLastDay(tx, personId)
  if (!person) return { reason: 'gone' }
  const { researcherId, ...before } = person
  const reason = findObstacle(before, leavesOn)
  if (reason) return { reason }
  await changeLastDay(tx, actor, { id: personId, researcherId, lastDay: leavesOn, requestId })
  return { before }
}

/** Gives back the last day, unless it or the state has changed since. */
export async function unmarkLeaving(
  tx: Tx,
  actor: StaffActor,
  { personId, leavesOn, before, requestId }: { personId: string; leavesOn: string; before: unknown; requestId: string },
): Promise<boolean> {
  const now = await lockWithLastDay(tx, personId)
  if (!now || !isAsMarked(now, leavesOn)) return false
  const { leavesOn: earlier } = lastDay.parse(before)
  await changeLastDay(tx, actor, { id: personId, researcherId: now.researcherId, lastDay: earlier, requestId })
  return true
}

export const isAsMarked = (person: LastDay | null, leavesOn: string) =>
  person?.leavesOn === leavesOn && ['active', 'leaving'].includes(person.state)

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

async function lockWithLastDay(tx: Tx, personId: string): Promise<(LastDay & { researcherId: string | null }) | null> {
  const [person] = await lockPeople(tx, [personId])
  if (!person || person.mergedIntoId) return null
  const [found] = await queryRows(
    tx,
    lastDay,
    Prisma.sql`select state::text, leaves_on::text as "leavesOn" from person where id = ${personId}::uuid`,
  )
  return found ? { ...found, researcherId: person.researcherId } : null
}
