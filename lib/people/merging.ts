import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import type { Prisma, Tx } from '@/lib/db'
import { bind, handOverWaiting, lockPeople, unbind } from '@/lib/people/binding'
import { PeopleError } from '@/lib/people/person'

const movedRows = z.object({
  researcherId: z.string().nullable(),
  appointments: z.array(z.string()),
  affiliations: z.array(z.string()),
})

type Pair = { intoId: string; fromId: string | null; requestId: string }

/**
 * Merges two entries of the roster that are one person. The second one is hidden and keeps its number. Returns what
 * moved, for `splitPeople`.
 *
 * @throws PeopleError `cycle`, `has_another_id` if both have an iD, or `erased`
 */
export async function mergePeople(
  tx: Tx,
  actor: StaffActor,
  { intoId, fromId, requestId }: Pair,
): Promise<Prisma.InputJsonObject> {
  if (!fromId || fromId === intoId) throw new PeopleError('cycle')
  const people = await lockPeople(tx, [intoId, fromId])
  const [into, from] = [people.find(({ id }) => id === intoId), people.find(({ id }) => id === fromId)]
  if (!into || !from) throw new PeopleError('erased')
  if (into.mergedIntoId || from.mergedIntoId) throw new PeopleError('cycle')
  if (into.researcherId && from.researcherId) throw new PeopleError('has_another_id')
  const { researcherId } = from
  if (researcherId) {
    await unbind(tx, actor, { personId: fromId, ended: 'staff', requestId })
    await bind(tx, actor, { personId: intoId, researcherId, proof: 'staff', requestId })
  }
  const appointments = await tx.appointment.updateManyAndReturn({
    where: { personId: fromId },
    data: { personId: intoId, primary: false },
    select: { id: true },
  })
  const affiliations = await tx.$queryRaw<{ id: string }[]>`
    update affiliation a set person_id = ${intoId}::uuid
    where person_id = ${fromId}::uuid and researcher_id is null and not exists (
      select from affiliation o where o.person_id = ${intoId}::uuid and o.kind = a.kind
        and lower(o.external_id) = lower(a.external_id))
    returning id::text`
  await handOverWaiting(tx, intoId)
  await tx.person.update({ where: { id: fromId }, data: { mergedIntoId: intoId, knownOrcid: null } })
  await recordEvent(tx, actor, { action: 'person.merged', requestId, detail: { personId: intoId, fromId } })
  const idsOf = (rows: { id: string }[]) => rows.map(({ id }) => id)
  return { researcherId, appointments: idsOf(appointments), affiliations: idsOf(affiliations) }
}

/** Undoes `mergePeople`. @throws PeopleError `not_possible` */
export async function splitPeople(
  tx: Tx,
  actor: StaffActor,
  { intoId, fromId, moved, requestId }: Pair & { moved: unknown },
): Promise<void> {
  const rows = movedRows.safeParse(moved)
  if (!fromId || !rows.success) throw new PeopleError('not_possible')
  await lockPeople(tx, [intoId, fromId])
  const { count } = await tx.person.updateMany({
    where: { id: fromId, mergedIntoId: intoId },
    data: { mergedIntoId: null },
  })
  if (count === 0) throw new PeopleError('not_possible')
  const { researcherId, appointments, affiliations } = rows.data
  const toBack = { data: { personId: fromId } }
  await tx.appointment.updateMany({ where: { id: { in: appointments }, personId: intoId }, ...toBack })
  const isStillBound =
    researcherId && (await tx.person.findFirst({ where: { id: intoId, researcherId }, select: { id: true } }))
  if (isStillBound) await unbind(tx, actor, { personId: intoId, ended: 'staff', requestId })
  await tx.affiliation.updateMany({
    where: { id: { in: affiliations }, personId: intoId, researcherId: null },
    ...toBack,
  })
  if (isStillBound) await bind(tx, actor, { personId: fromId, researcherId, proof: 'staff', requestId })
  await recordEvent(tx, actor, { action: 'person.split', requestId, detail: { personId: intoId, fromId } })
}
