import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import { Prisma, queryRows, type Tx } from '@/lib/db'
import { bind, bindAgain, isOnlyAnId, type LockedPerson, lockPeople } from '@/lib/people/binding'
import { closeOtherIdKnown, openAgain, openConflict } from '@/lib/people/conflict-rows'
import { copyItems, handOverItems, isUnwritten, resumeItems } from '@/lib/people/items'
import { isProven, PeopleError } from '@/lib/people/person'

const movedRows = z.object({
  /** The iD, where the second entry had one. */
  researcherId: z.string().nullable(),
  knownOrcid: z.object({ into: z.string().nullable(), from: z.string().nullable() }),
  appointments: z.array(z.string()),
  primary: z.array(z.string()),
  affiliations: z.array(z.string()),
  /** Items that both had. */
  shared: z.array(z.string()),
  /** Entries that were merged into the second one. */
  entries: z.array(z.string()),
  conflicts: z.array(z.string()),
  closed: z.array(z.string()),
})
export type MovedRows = z.infer<typeof movedRows>

type Pair = { intoId: string; fromId: string | null; reason?: string; requestId: string }
type Ids = { intoId: string; fromId: string }

const idRow = z.object({ id: z.string() })
const idsOf = (rows: { id: string }[]) => rows.map(({ id }) => id)

/**
 * Merges two entries of the roster that are one person. The second one is hidden and keeps its number. Returns what
 * moved, for `splitPeople`.
 *
 * @throws PeopleError `cycle` if one of them is merged already, `has_another_id` if both have an iD, or `erased`
 */
export async function mergePeople(tx: Tx, actor: StaffActor, pair: Pair): Promise<MovedRows> {
  const { intoId, fromId, reason, requestId } = pair
  if (!fromId || fromId === intoId) throw new PeopleError('cycle')
  const ids = { intoId, fromId }
  const [into, from] = await lockBoth(tx, ids)
  if (into.mergedIntoId || from.mergedIntoId) throw new PeopleError('cycle')
  if (isOnlyAnId(into) || isOnlyAnId(from)) throw new PeopleError('not_possible')
  if (into.researcherId && from.researcherId) throw new PeopleError('has_another_id')
  const { researcherId } = from
  const binding = await findOpenBinding(tx, researcherId ?? into.researcherId)
  const conflicts = await moveOpenConflicts(tx, ids)
  const items = await moveItems(tx, ids)
  const appointments = await moveAppointments(tx, ids)
  const entries = await tx.person.updateManyAndReturn({
    where: { mergedIntoId: fromId },
    data: { mergedIntoId: intoId },
    select: { id: true },
  })
  await tx.person.update({ where: { id: fromId }, data: { knownOrcid: null } })
  if (!into.researcherId) {
    await tx.person.update({ where: { id: intoId }, data: { knownOrcid: into.knownOrcid ?? from.knownOrcid } })
  }
  let closed = conflicts.closed
  if (researcherId && binding) {
    const { proof, confirmedAt } = binding
    const about = { personId: intoId, researcherId, proof, confirmedAt, reason, requestId, isContinued: true }
    closed = [...closed, ...((await bind(tx, actor, about))?.closed ?? [])]
  } else if (into.researcherId && binding) {
    await handOverItems(tx, { personId: intoId, researcherId: into.researcherId, isProven: isProven(binding) })
    await resumeItems(tx, into.researcherId)
    if (from.knownOrcid && from.knownOrcid !== into.orcid) {
      await tx.person.update({ where: { id: intoId }, data: { knownOrcid: from.knownOrcid } })
      const conflict = { kind: 'other_id_known', personId: intoId, researcherId: into.researcherId, requestId } as const
      await openConflict(tx, conflict, actor)
    }
  }
  await tx.person.update({ where: { id: fromId }, data: { mergedIntoId: intoId } })
  const mergedId = researcherId ?? into.researcherId
  const detail = { personId: intoId, fromId }
  await recordEvent(tx, actor, { action: 'person.merged', researcherId: mergedId, requestId, detail })
  const knownOrcid = { into: into.knownOrcid, from: from.knownOrcid }
  return { researcherId, knownOrcid, ...items, ...appointments, entries: idsOf(entries), ...conflicts, closed }
}

/** Undoes `mergePeople`. @throws PeopleError `not_possible` if something was decided since that stands in the way */
export async function splitPeople(
  tx: Tx,
  actor: StaffActor,
  { intoId, fromId, moved, reason, requestId }: Pair & { moved: unknown },
): Promise<void> {
  const parsed = movedRows.safeParse(moved)
  if (!fromId || !parsed.success) throw new PeopleError('not_possible')
  const rows = parsed.data
  const ids = { intoId, fromId }
  const [into, from] = await lockBoth(tx, ids)
  const { researcherId } = rows
  if (from.mergedIntoId !== intoId) throw new PeopleError('not_possible')
  if (researcherId && into.researcherId !== researcherId) throw new PeopleError('not_possible')
  await tx.person.update({ where: { id: fromId }, data: { mergedIntoId: null, knownOrcid: rows.knownOrcid.from } })
  await moveItemsBack(tx, ids, rows)
  await moveAppointmentsBack(tx, ids, rows)
  await tx.person.updateMany({
    where: { id: { in: rows.entries }, mergedIntoId: intoId },
    data: { mergedIntoId: fromId },
  })
  if (researcherId) await bindAgain(tx, actor, { personId: fromId, researcherId, reason, requestId })
  // The known iD came with the other entry, unless it was changed since.
  if (into.knownOrcid === null || into.knownOrcid === rows.knownOrcid.from) {
    await tx.person.update({ where: { id: intoId }, data: { knownOrcid: rows.knownOrcid.into } })
  }
  if (rows.knownOrcid.into === null) await closeOtherIdKnown(tx, intoId)
  await tx.conflict.updateMany({
    where: { id: { in: rows.conflicts }, personId: intoId },
    data: { personId: fromId },
  })
  await openAgain(tx, rows.closed)
  const detail = { personId: intoId, fromId }
  await recordEvent(tx, actor, { action: 'person.split', researcherId: into.researcherId, requestId, detail })
}

async function lockBoth(tx: Tx, { intoId, fromId }: Ids): Promise<[LockedPerson, LockedPerson]> {
  const people = await lockPeople(tx, [intoId, fromId])
  const [into, from] = [people.find(({ id }) => id === intoId), people.find(({ id }) => id === fromId)]
  if (!into || !from) throw new PeopleError('erased')
  return [into, from]
}

async function findOpenBinding(tx: Tx, researcherId: string | null) {
  if (!researcherId) return null
  return tx.binding.findFirst({
    where: { researcherId, endedAt: null },
    select: { proof: true, mustAsk: true, confirmedAt: true },
  })
}

/** What is asked about the second entry is asked about the first one from now on. */
async function moveOpenConflicts(tx: Tx, { intoId, fromId }: Ids): Promise<{ conflicts: string[]; closed: string[] }> {
  const conflicts = await queryRows(
    tx,
    idRow,
    Prisma.sql`
      update conflict as c set person_id = ${intoId}::uuid
      where person_id = ${fromId}::uuid and resolved_at is null and kind not in ('two_people_are_one', 'other_id_known')
        and other_person_id is distinct from ${intoId}::uuid and not exists (
          select from conflict o where o.resolved_at is null and o.kind = c.kind and o.person_id = ${intoId}::uuid
            and o.other_person_id is not distinct from c.other_person_id)
      returning id::text`,
  )
  // The same question twice, whether two others are one, or which of the two has the iD.
  const closed = await queryRows(
    tx,
    idRow,
    Prisma.sql`
      update conflict set resolved_at = now(), resolution = 'kept'
      where resolved_at is null and (person_id = ${fromId}::uuid
        or (other_person_id = ${fromId}::uuid and (researcher_id is null or person_id = ${intoId}::uuid)))
      returning id::text`,
  )
  return { conflicts: idsOf(conflicts), closed: idsOf(closed) }
}

/** All items go along. Of an item that both have, one stays: the one on the record. */
async function moveItems(tx: Tx, { intoId, fromId }: Ids): Promise<{ affiliations: string[]; shared: string[] }> {
  const shared = await queryRows(
    tx,
    idRow,
    Prisma.sql`
      with pair as materialized (
        select one.id as one, other.id as other, one.researcher_id is not null as is_on_record
        from affiliation one join affiliation other on other.kind = one.kind
          and lower(other.external_id) = lower(one.external_id)
        where one.person_id = ${fromId}::uuid and other.person_id = ${intoId}::uuid
      ), gone as (
        delete from affiliation using pair
        where affiliation.id = case when is_on_record then other else one end)
      select (case when is_on_record then one else other end)::text as id from pair`,
  )
  const affiliations = await queryRows(
    tx,
    idRow,
    Prisma.sql`
      update affiliation set person_id = ${intoId}::uuid where person_id = ${fromId}::uuid returning id::text`,
  )
  return { affiliations: idsOf(affiliations), shared: idsOf(shared) }
}

/** What has been written to the other record since stays there, and waits for the second entry as a copy. */
async function moveItemsBack(tx: Tx, { intoId, fromId }: Ids, rows: MovedRows): Promise<void> {
  const { affiliations, shared, researcherId } = rows
  const stayed = shared.filter((id) => !affiliations.includes(id))
  const back = await queryRows(
    tx,
    idRow,
    Prisma.sql`
      update affiliation set person_id = ${fromId}::uuid,
        researcher_id = case when is_theirs then researcher_id end,
        state = case when is_theirs then state else 'waiting_for_person' end
      from (select id as own_id, researcher_id is not distinct from ${researcherId}::uuid as is_theirs from affiliation) as own
      where own_id = id and id = any(${affiliations}::uuid[]) and person_id = ${intoId}::uuid
        and (is_theirs or researcher_id is null or ${isUnwritten})
      returning id::text`,
  )
  const returned = new Set(idsOf(back))
  await copyItems(tx, [...stayed, ...affiliations.filter((id) => !returned.has(id))], fromId)
  await copyItems(
    tx,
    shared.filter((id) => returned.has(id)),
    intoId,
  )
}

async function moveAppointments(tx: Tx, { intoId, fromId }: Ids) {
  const moved = await tx.appointment.findMany({ where: { personId: fromId }, select: { id: true, primary: true } })
  await tx.appointment.updateMany({ where: { personId: fromId }, data: { personId: intoId, primary: false } })
  return { appointments: idsOf(moved), primary: idsOf(moved.filter(({ primary }) => primary)) }
}

async function moveAppointmentsBack(tx: Tx, { intoId, fromId }: Ids, { appointments, primary }: MovedRows) {
  const theirs = { personId: intoId, id: { in: appointments } }
  await tx.appointment.updateMany({ where: theirs, data: { personId: fromId } })
  await tx.appointment.updateMany({ where: { personId: fromId, id: { in: primary } }, data: { primary: true } })
}
