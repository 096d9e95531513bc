import 'server-only'
import { z } from 'zod'
import { type Actor, system } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import { Prisma, queryRows, type Tx } from '@/lib/db'
import { enqueueJob } from '@/lib/jobs/queue'
import { handOverItems, joinItems, separateItems } from '@/lib/people/items'
import { areNamesakes, compareNames } from '@/lib/people/names'
import {
  type BindingProof,
  type ConflictKind,
  isOnlyAnId,
  isProven,
  PeopleError,
  personOrigins,
  provingProofs,
} from '@/lib/people/person'
import { searchCondition } from '@/lib/researchers/search'

const lockedPerson = z.object({
  id: z.string(),
  localId: z.string().nullable(),
  origin: z.enum(personOrigins),
  researcherId: z.string().nullable(),
  orcid: z.string().nullable(),
  knownOrcid: z.string().nullable(),
  rosterName: z.string().nullable(),
  orcidName: z.string().nullable(),
  mergedIntoId: z.string().nullable(),
})
export type LockedPerson = z.infer<typeof lockedPerson>

const columns = Prisma.sql`id::text, local_id as "localId", origin::text, researcher_id::text as "researcherId", orcid,
  known_orcid as "knownOrcid", nullif(concat_ws(' ', given_name, family_name), '') as "rosterName",
  orcid_name as "orcidName", merged_into_id::text as "mergedIntoId"`

/** Locks people until the transaction ends, always in the same order. */
export function lockPeople(tx: Tx, ids: readonly string[]): Promise<LockedPerson[]> {
  return queryRows(
    tx,
    lockedPerson,
    Prisma.sql`select ${columns} from person where id = any(${ids}::uuid[]) order by id for update`,
  )
}

/** The person who has the researcher’s iD. Every researcher has one, unless they were just erased. */
export async function findHolder(tx: Tx, researcherId: string): Promise<string | null> {
  const person = await tx.person.findUnique({ where: { researcherId }, select: { id: true } })
  return person?.id ?? null
}

type NewBinding = { personId: string; researcherId: string; proof: BindingProof; reason?: string; requestId?: string }

/**
 * Binds a researcher to a person. The person who had the iD disappears where nothing but the iD was known of them, and
 * otherwise keeps everything but the iD.
 *
 * @throws PeopleError `erased` or `has_another_id`
 */
export async function bind(tx: Tx, actor: Actor, binding: NewBinding): Promise<void> {
  const { personId, researcherId, proof, reason = null, requestId } = binding
  const holderId = await findHolder(tx, researcherId)
  const people = await lockPeople(tx, [personId, ...(holderId ? [holderId] : [])])
  const person = people.find(({ id }) => id === personId)
  const holder = people.find(({ id }) => id === holderId)
  if (!person || !holder || person.mergedIntoId) throw new PeopleError('erased')
  if (holder.id === person.id) return
  if (person.researcherId) throw new PeopleError('has_another_id')
  const isAlone = isOnlyAnId(holder)
  const ownPersonId = isAlone
    ? holder.id
    : (await takeId(tx, holder.id, { researcherId, ended: 'replaced' })).ownPersonId
  await endBinding(tx, researcherId, { ended: 'replaced' })
  const madeAt = new Date()
  await absorb(tx, { fromId: ownPersonId, intoId: person.id, madeAt })
  const mustAsk = provingProofs.includes(proof) && (await asksFirst(tx, person, holder.orcidName))
  const knownOrcid = person.knownOrcid === holder.orcid ? null : person.knownOrcid
  await tx.person.update({ where: { id: person.id }, data: { researcherId, knownOrcid } })
  await tx.binding.create({
    data: {
      personId,
      researcherId,
      proof,
      mustAsk,
      reason,
      madeAt,
      madeByKind: actor.kind,
      madeById: actor.kind === 'staff' ? actor.staffId : null,
    },
  })
  await recordEvent(tx, actor, { action: 'person.bound', researcherId, requestId, detail: { personId, proof } })
  if (knownOrcid) await openConflict(tx, { kind: 'other_id_known', personId })
  await handOverWaiting(tx, personId)
  await enqueueJob(tx, 'resume-affiliations', { key: `resume-affiliations:${researcherId}` })
}

/** Gives the waiting items of a person to the record of their iD, if they have one. */
export async function handOverWaiting(tx: Tx, personId: string): Promise<void> {
  const binding = await tx.binding.findFirst({
    where: { personId, endedAt: null },
    select: { researcherId: true, madeAt: true, proof: true, mustAsk: true, confirmedAt: true },
  })
  if (binding) await handOverItems(tx, { ...binding, personId, isProven: isProven(binding) })
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

/** Moves what belongs to somebody of whom only an iD is known, and deletes them. */
async function absorb(tx: Tx, joining: { fromId: string; intoId: string; madeAt: Date }): Promise<void> {
  const { fromId, intoId } = joining
  await joinItems(tx, joining)
  // The roster has the iD for others too: that is settled now.
  await tx.$executeRaw`
    update conflict set other_person_id = ${intoId}::uuid, resolved_at = coalesce(resolved_at, now()),
      resolution = coalesce(resolution, case when person_id = ${intoId}::uuid then 'bound' else 'kept' end::conflict_resolution)
    where other_person_id = ${fromId}::uuid`
  await tx.$executeRaw`
    update person set department = coalesce(person.department, gone.department)
    from person as gone where person.id = ${intoId}::uuid and gone.id = ${fromId}::uuid`
  await tx.person.delete({ where: { id: fromId } })
}

/**
 * Takes the iD from a person and gives it a person of its own, of whom nothing else is known. `researcherId`: whose iD
 * the caller means.
 *
 * @throws PeopleError `not_possible` if the person does not have this iD, or is known by it alone
 */
export async function unbind(
  tx: Tx,
  actor: Actor,
  { personId, requestId, ...options }: UnbindOptions,
): Promise<Unbound> {
  const [person] = await lockPeople(tx, [personId])
  const { researcherId = person?.researcherId, ended } = options
  if (!person || !researcherId || person.researcherId !== researcherId || isOnlyAnId(person)) {
    throw new PeopleError('not_possible')
  }
  const { ownPersonId, stopped } = await takeId(tx, personId, { ...options, researcherId })
  await enqueueJob(tx, 'resume-affiliations', { key: `resume-affiliations:${researcherId}` })
  const detail = { personId, ended, stopped }
  await recordEvent(tx, actor, { action: 'person.unbound', researcherId, requestId, detail })
  return { researcherId, ownPersonId }
}

type Ending = { ended: 'replaced' | 'not_me' | 'staff'; reason?: string }
type UnbindOptions = Ending & { personId: string; researcherId?: string; requestId?: string }
type Unbound = { researcherId: string; ownPersonId: string }

async function takeId(tx: Tx, personId: string, { researcherId, ...ending }: Ending & { researcherId: string }) {
  const madeAt = await endBinding(tx, researcherId, ending)
  await tx.person.update({ where: { id: personId }, data: { researcherId: null } })
  const ownPersonId = await addPersonOfResearcher(tx, researcherId)
  const by = ending.ended === 'not_me' ? 'person' : 'staff'
  const stopped = await separateItems(tx, { personId, researcherId, ownPersonId, madeAt, by })
  return { ownPersonId, stopped }
}

/** As the trigger does for a new researcher. */
async function addPersonOfResearcher(tx: Tx, researcherId: string): Promise<string> {
  const { id: personId } = await tx.person.create({ data: { researcherId, origin: 'connected' }, select: { id: true } })
  await tx.binding.create({ data: { personId, researcherId, proof: 'connection', madeByKind: 'system' } })
  return personId
}

/** Returns when the binding was made. */
async function endBinding(tx: Tx, researcherId: string, { ended, reason }: Ending): Promise<Date> {
  const [binding] = await tx.binding.updateManyAndReturn({
    where: { researcherId, endedAt: null },
    data: { endedAt: new Date(), ended, ...(reason && { reason }) },
    select: { madeAt: true },
  })
  return binding?.madeAt ?? new Date(0)
}

type NewConflict = { kind: ConflictKind; personId: string; otherPersonId?: string; evidence?: string[] }

/** Opens a conflict or proposal, unless the same one is open. */
export async function openConflict(tx: Tx, conflict: NewConflict): Promise<void> {
  const { kind, personId, otherPersonId = null, evidence = [] } = conflict
  const opened = await queryRows(
    tx,
    z.object({ id: z.string() }),
    Prisma.sql`
      insert into conflict (kind, person_id, other_person_id, evidence)
      values (${kind}::conflict_kind, ${personId}::uuid, ${otherPersonId}::uuid, ${evidence}::text[])
      on conflict do nothing returning id::text`,
  )
  for (const { id } of opened) {
    await recordEvent(tx, system, { action: 'conflict.opened', detail: { conflictId: id, kind, personId } })
  }
}
