import 'server-only'
import { z } from 'zod'
import type { Actor } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import { Prisma, queryRows, type Tx } from '@/lib/db'
import { closeOtherIdKnown, moveConflicts, openConflict, settleConflicts } from '@/lib/people/conflict-rows'
import { handOverItems, listItemsOfRecord, makeRoomForItems, resumeItems, separateItems } from '@/lib/people/items'
import { areNamesakes, compareNames } from '@/lib/people/names'
import { type BindingProof, isOnTheRoster, isProven, PeopleError, provingProofs } from '@/lib/people/person'
import { searchCondition } from '@/lib/researchers/search'

const lockedPerson = z.object({
  id: z.string(),
  localId: z.string().nullable(),
  origin: z.enum(['connected', 'entered', 'imported']),
  department: z.string().nullable(),
  researcherId: z.string().nullable(),
  orcid: z.string().nullable(),
  knownOrcid: z.string().nullable(),
  rosterName: z.string().nullable(),
  orcidName: z.string().nullable(),
  mergedIntoId: z.string().nullable(),
})
export type LockedPerson = z.infer<typeof lockedPerson>

const columns = Prisma.sql`id::text, local_id as "localId", origin::text, department,
  researcher_id::text as "researcherId", orcid, known_orcid as "knownOrcid",
  nullif(concat_ws(' ', given_name, family_name), '') as "rosterName", orcid_name as "orcidName",
  merged_into_id::text as "mergedIntoId"`

/** Locks people until the transaction ends, always in the same order. */
export async function lockPeople(tx: Tx, ids: readonly string[]): Promise<LockedPerson[]> {
  // Whoever changes a grant locks the researcher, and then waits for their person.
  await tx.$queryRaw`
    select 1 as locked from researcher
    where id in (select researcher_id from person where id = any(${ids}::uuid[])) order by id for key share`
  return queryRows(
    tx,
    lockedPerson,
    Prisma.sql`select ${columns} from person where id = any(${ids}::uuid[]) order by id for update`,
  )
}

/** Locks people and whoever has the researcher’s iD. `holder` is missing only if the researcher was just erased. */
export async function lockWithHolder(
  tx: Tx,
  researcherId: string,
  ids: readonly string[],
): Promise<{ people: LockedPerson[]; holder: LockedPerson | undefined }> {
  for (;;) {
    const found = await tx.person.findUnique({ where: { researcherId }, select: { id: true } })
    const people = await lockPeople(tx, found ? [...ids, found.id] : ids)
    const holder = people.find((person) => person.researcherId === researcherId)
    // Otherwise the iD was bound to somebody else while we waited.
    if (holder || !found) return { people, holder }
  }
}

/** Nothing but the iD is known of such a person. */
export const isOnlyAnId = (person: Pick<LockedPerson, 'localId' | 'origin'>) => !isOnTheRoster(person)

type NewBinding = {
  personId: string
  researcherId: string
  proof: BindingProof
  confirmedAt?: Date | null
  reason?: string
  requestId?: string
  /** An earlier binding goes on: it answers no open question about the iD. */
  isContinued?: boolean
}

/** What a binding changed besides, to undo it. `department`: of the person who disappeared. */
export type BindingChanges = {
  knownOrcid: string | null
  department: string | null
  departmentTaken: boolean
  closed: string[]
}

/**
 * Binds a researcher to a person. The person who had the iD disappears where nothing but the iD was known of them, and
 * otherwise keeps everything but the iD. Returns null if the person has it already.
 *
 * @throws PeopleError `erased` or `has_another_id`
 */
export async function bind(tx: Tx, actor: Actor, binding: NewBinding): Promise<BindingChanges | null> {
  const { personId, researcherId, proof, confirmedAt = null, reason = null, requestId, isContinued = false } = binding
  const { people, holder } = await lockWithHolder(tx, researcherId, [personId])
  const person = people.find(({ id }) => id === personId)
  if (!person || !holder || person.mergedIntoId) throw new PeopleError('erased')
  if (holder.id === person.id) return null
  if (person.researcherId) throw new PeopleError('has_another_id')
  const theirs = await endBinding(tx, researcherId, 'replaced', null)
  const cameWith = await listItemsOfRecord(tx, { researcherId, holderId: holder.id, personId })
  const closed = await settleConflicts(tx, { personId, researcherId, ...(isContinued && { onlyOf: personId }) })
  await moveConflicts(tx, { researcherId, fromId: holder.id, toId: personId })
  const isAbsorbed = isOnlyAnId(holder)
  if (isAbsorbed) await absorb(tx, { holderId: holder.id, personId, researcherId })
  else {
    await tx.person.update({ where: { id: holder.id }, data: { researcherId: null } })
    await closeOtherIdKnown(tx, holder.id)
    await separateItems(tx, { personId: holder.id, researcherId, toPersonId: personId, cameWith: theirs, by: 'staff' })
  }
  const knownOrcid = person.knownOrcid === holder.orcid ? null : person.knownOrcid
  const departmentTaken = isAbsorbed && person.department === null && holder.department !== null
  const department = departmentTaken ? holder.department : person.department
  await tx.person.update({ where: { id: personId }, data: { researcherId, knownOrcid, department } })
  const [madeByKind, madeById] = [actor.kind, actor.kind === 'staff' ? actor.staffId : null]
  const mustAsk = provingProofs.includes(proof) && (await asksFirst(tx, person, holder.orcidName))
  const made = { proof, mustAsk, confirmedAt, reason, madeByKind, madeById }
  await tx.binding.create({ data: { personId, researcherId, ...made, cameWith } })
  await recordEvent(tx, actor, { action: 'person.bound', researcherId, requestId, detail: { personId, proof } })
  if (knownOrcid) await openConflict(tx, { kind: 'other_id_known', personId, researcherId, requestId })
  await handOverItems(tx, { personId, researcherId, isProven: isProven({ proof, mustAsk, confirmedAt }) })
  await resumeItems(tx, researcherId)
  return {
    knownOrcid: person.knownOrcid,
    department: isAbsorbed ? holder.department : null,
    departmentTaken,
    closed,
  }
}

const namesakesMax = 50

/** Whether the name that ORCID gives says too little about who it is: none, another one, or one of several people. */
async function asksFirst(tx: Tx, { id, rosterName }: LockedPerson, orcidName: string | null): Promise<boolean> {
  if (!rosterName || compareNames(rosterName, orcidName) !== 'alike') return true
  const others = await queryRows(
    tx,
    z.object({ name: z.string() }),
    Prisma.sql`
      select concat_ws(' ', given_name, family_name) as name from person
      where ${searchCondition(rosterName)} and id <> ${id}::uuid and origin <> 'connected' and merged_into_id is null
      limit ${namesakesMax}`,
  )
  return others.some(({ name }) => areNamesakes(name, rosterName))
}

/** Binds as before, with the former proof. @throws PeopleError as `bind`, or `not_possible` if there was no binding */
export async function bindAgain(
  tx: Tx,
  actor: Actor,
  binding: { personId: string; researcherId: string; reason?: string; requestId?: string },
): Promise<void> {
  const { personId, researcherId } = binding
  const former = await tx.binding.findFirst({
    where: { personId, researcherId, endedAt: { not: null } },
    orderBy: { endedAt: 'desc' },
    select: { proof: true, confirmedAt: true },
  })
  if (!former) throw new PeopleError('not_possible')
  await bind(tx, actor, { ...binding, ...former, isContinued: true })
}

/** Moves what belongs to somebody of whom only an iD is known, and deletes them. */
async function absorb(
  tx: Tx,
  { holderId, personId, researcherId }: { holderId: string; personId: string; researcherId: string },
): Promise<void> {
  await makeRoomForItems(tx, { researcherId, intoId: personId })
  await tx.$executeRaw`update affiliation set person_id = ${personId}::uuid where person_id = ${holderId}::uuid`
  // Read by the trigger that writes the tombstone.
  await tx.$executeRaw`select set_config('concord.replaced_by', ${personId}, true)`
  await tx.person.delete({ where: { id: holderId } })
  await tx.$executeRaw`select set_config('concord.replaced_by', '', true)`
}

type UnbindOptions = {
  personId: string
  /** Whose iD the caller means. */
  researcherId?: string
  ended: 'not_me' | 'staff'
  reason?: string
  requestId?: string
}

/**
 * Takes the iD from a person and gives it a person of its own, of whom nothing else is known.
 *
 * @throws PeopleError `not_possible` if the person does not have this iD, or is known by it alone
 */
export async function unbind(
  tx: Tx,
  actor: Actor,
  { personId, ended, reason, requestId, ...options }: UnbindOptions,
): Promise<{ researcherId: string; ownPersonId: string }> {
  const [person] = await lockPeople(tx, [personId])
  const { researcherId = person?.researcherId } = options
  if (!person || !researcherId || person.researcherId !== researcherId || isOnlyAnId(person)) {
    throw new PeopleError('not_possible')
  }
  const cameWith = await endBinding(tx, researcherId, ended, reason ?? null)
  await tx.person.update({ where: { id: personId }, data: { researcherId: null } })
  const ownPersonId = await addPersonOfResearcher(tx, researcherId)
  const by = ended === 'not_me' ? 'person' : 'staff'
  const stopped = await separateItems(tx, { personId, researcherId, toPersonId: ownPersonId, cameWith, by })
  await moveConflicts(tx, { researcherId, fromId: personId, toId: ownPersonId })
  await closeOtherIdKnown(tx, personId)
  await resumeItems(tx, researcherId)
  const detail = { personId, ended, stopped }
  await recordEvent(tx, actor, { action: 'person.unbound', researcherId, requestId, detail })
  return { researcherId, ownPersonId }
}

/** As the trigger does for a new researcher. */
async function addPersonOfResearcher(tx: Tx, researcherId: string): Promise<string> {
  const { id: personId } = await tx.person.create({ data: { researcherId, origin: 'connected' }, select: { id: true } })
  await tx.binding.create({ data: { personId, researcherId, proof: 'connection', madeByKind: 'system' } })
  return personId
}

/** Returns the items that came with the iD. */
async function endBinding(
  tx: Tx,
  researcherId: string,
  ended: 'replaced' | 'not_me' | 'staff',
  reason: string | null,
): Promise<string[]> {
  const bindings = await tx.binding.updateManyAndReturn({
    where: { researcherId, endedAt: null },
    data: { endedAt: new Date(), ended, ...(reason && { reason }) },
    select: { cameWith: true },
  })
  return bindings.flatMap(({ cameWith }) => cameWith)
}
