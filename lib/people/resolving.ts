import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import { db, inTransaction, Prisma, queryRows, type Tx } from '@/lib/db'
import { bind, bindAgain, isOnlyAnId, lockPeople, unbind } from '@/lib/people/binding'
import { openAgain } from '@/lib/people/conflict-rows'
import { resumeItems } from '@/lib/people/items'
import { enqueueProposing } from '@/lib/people/matching'
import { mergePeople, splitPeople } from '@/lib/people/merging'
import { choicesOf, conflictKinds, PeopleError, type Resolution, resolutions } from '@/lib/people/person'

const lockedConflict = z.object({
  id: z.string(),
  kind: z.enum(conflictKinds),
  personId: z.string(),
  otherPersonId: z.string().nullable(),
  researcherId: z.string().nullable(),
  isOpen: z.boolean(),
  resolution: z.enum(resolutions).nullable(),
  moved: z.unknown(),
})
type LockedConflict = z.infer<typeof lockedConflict>

/** Waits for a colleague who is deciding about the same people. @throws PeopleError `erased` */
async function lockConflict(tx: Tx, id: string, others: readonly string[] = []): Promise<LockedConflict> {
  const sides = await tx.conflict.findUnique({ where: { id }, select: { personId: true, otherPersonId: true } })
  if (!sides) throw new PeopleError('erased')
  // People before conflicts, as in a binding.
  await lockPeople(tx, [sides.personId, ...(sides.otherPersonId ? [sides.otherPersonId] : []), ...others])
  const [row] = await queryRows(
    tx,
    lockedConflict,
    Prisma.sql`
      select id::text, kind::text, person_id::text as "personId", other_person_id::text as "otherPersonId",
        researcher_id::text as "researcherId", resolved_at is null as "isOpen", resolution::text, moved
      from conflict where id = ${id}::uuid for update`,
  )
  if (!row) throw new PeopleError('erased')
  return row
}

type Decision = {
  id: string
  resolution: Resolution
  reason: string
  requestId: string
  /** The person on the roster whose iD it is, where a proposal names nobody. */
  toPersonId?: string
}

/**
 * Decides a conflict or proposal.
 *
 * @throws PeopleError if somebody was faster, if somebody was erased, or if the choice does not fit
 */
export function resolveConflict(actor: StaffActor, decision: Decision): Promise<void> {
  const { id, resolution, reason, requestId, toPersonId } = decision
  return inTransaction(async (tx) => {
    const conflict = await lockConflict(tx, id, toPersonId ? [toPersonId] : [])
    if (!conflict.isOpen) throw new PeopleError('already_resolved')
    if (!choicesOf[conflict.kind].includes(resolution)) throw new PeopleError('not_possible')
    // Closed first: binding closes what else is open about the iD.
    await tx.conflict.update({
      where: { id },
      data: { resolvedAt: new Date(), resolution, resolvedById: actor.staffId, reason },
    })
    const moved = await carryOut(tx, actor, conflict, decision)
    await tx.conflict.update({ where: { id }, data: { moved: moved ?? Prisma.DbNull } })
    const { kind, personId, researcherId } = conflict
    const detail = { conflictId: id, kind, resolution, personId }
    await recordEvent(tx, actor, { action: 'conflict.resolved', researcherId, requestId, detail })
    // The iD may be that of somebody else on the roster.
    if (researcherId && resolution === 'kept' && kind !== 'proposal') await enqueueProposing(tx, researcherId)
    await resumeBoth(tx, conflict)
  })
}

/** Confirms a proposal that names a person. @throws PeopleError as `resolveConflict` */
export async function confirmProposal(
  actor: StaffActor,
  { id, reason, requestId }: Omit<Decision, 'resolution' | 'toPersonId'>,
): Promise<void> {
  const proposal = await db().conflict.findFirst({ where: { id, kind: 'proposal' }, select: { id: true } })
  // A conflict is decided on its own page, with both sides in view.
  if (!proposal) throw new PeopleError('not_possible')
  await resolveConflict(actor, { id, resolution: 'bound', reason, requestId })
}

const boundChanges = z.object({
  personId: z.string(),
  researcherId: z.string(),
  /** The iD that the person had before. */
  replaced: z.string().nullable(),
  /** The person on the roster who had the iD before. */
  takenFrom: z.string().nullable(),
  knownOrcid: z.string().nullable(),
  department: z.string().nullable(),
  departmentTaken: z.boolean(),
  closed: z.array(z.string()),
})
const keptChanges = z.object({ knownOrcid: z.string() })
const splitChanges = z.object({ researcherId: z.string() })

async function carryOut(
  tx: Tx,
  actor: StaffActor,
  conflict: LockedConflict,
  { resolution, reason, requestId, toPersonId }: Decision,
): Promise<Prisma.InputJsonObject | null> {
  const { kind, personId, otherPersonId } = conflict
  if (resolution === 'merged') {
    return mergePeople(tx, actor, { intoId: personId, fromId: otherPersonId, reason, requestId })
  }
  if (resolution === 'split') {
    const { researcherId } = await unbind(tx, actor, { personId, ended: 'staff', reason, requestId })
    return { researcherId } satisfies z.infer<typeof splitChanges>
  }
  if (resolution === 'bound') return carryOutBinding(tx, actor, conflict, { reason, requestId, toPersonId })
  if (kind !== 'other_id_known') return null
  const [person] = await lockPeople(tx, [personId])
  if (!person?.knownOrcid) return null
  await tx.person.update({ where: { id: personId }, data: { knownOrcid: null } })
  return { knownOrcid: person.knownOrcid } satisfies z.infer<typeof keptChanges>
}

async function carryOutBinding(
  tx: Tx,
  actor: StaffActor,
  { kind, personId: askedId, otherPersonId, researcherId }: LockedConflict,
  { reason, requestId, toPersonId }: Pick<Decision, 'reason' | 'requestId' | 'toPersonId'>,
): Promise<z.infer<typeof boundChanges>> {
  if (!researcherId) throw new PeopleError('not_possible')
  const personId = otherPersonId ? askedId : toPersonId
  const people = await lockPeople(tx, [
    askedId,
    ...(personId ? [personId] : []),
    ...(otherPersonId ? [otherPersonId] : []),
  ])
  const person = people.find(({ id }) => id === personId)
  const holder = people.find((each) => each.researcherId === researcherId)
  if (!personId || (person && isOnlyAnId(person))) throw new PeopleError('not_possible')
  if (!person || !holder) throw new PeopleError('erased')
  const replaced = person.researcherId
  if (replaced) {
    if (kind !== 'one_person_two_ids' || replaced === researcherId) throw new PeopleError('has_another_id')
    await unbind(tx, actor, { personId, ended: 'staff', reason, requestId })
  }
  const changes = await bind(tx, actor, { personId, researcherId, proof: 'staff', reason, requestId })
  if (!changes) throw new PeopleError('already_resolved')
  return { personId, researcherId, replaced, takenFrom: isOnlyAnId(holder) ? null : holder.id, ...changes }
}

/**
 * Takes a decision back: the conflict is open again, and both sides are as before.
 *
 * @throws PeopleError if it is open, or if what was changed has been changed again since
 */
export function reopenConflict(actor: StaffActor, id: string, reason: string, requestId: string): Promise<void> {
  return inTransaction(async (tx) => {
    const conflict = await lockConflict(tx, id)
    if (conflict.isOpen || !conflict.resolution) throw new PeopleError('already_resolved')
    const same = await tx.$queryRaw<unknown[]>`
      select 1 from conflict c join conflict o using (kind, person_id)
      where c.id = ${id}::uuid and o.resolved_at is null and o.other_person_id is not distinct from c.other_person_id`
    if (same.length > 0) throw new PeopleError('already_resolved')
    await tx.conflict.update({
      where: { id },
      data: { resolvedAt: null, resolution: null, resolvedById: null, reason: null, moved: Prisma.DbNull },
    })
    await undo(tx, actor, conflict, { reason, requestId })
    const { kind, personId, researcherId, resolution } = conflict
    const detail = { conflictId: id, kind, resolution, personId }
    await recordEvent(tx, actor, { action: 'conflict.reopened', researcherId, requestId, detail })
    await resumeBoth(tx, conflict)
  })
}

type Reopening = { reason: string; requestId: string }

async function undo(tx: Tx, actor: StaffActor, conflict: LockedConflict, why: Reopening): Promise<void> {
  const { personId, otherPersonId, resolution, moved } = conflict
  if (resolution === 'merged') {
    await splitPeople(tx, actor, { intoId: personId, fromId: otherPersonId, moved, ...why })
  } else if (resolution === 'split') {
    const { data } = splitChanges.safeParse(moved)
    if (data) await bindAgain(tx, actor, { personId, researcherId: data.researcherId, ...why })
  } else if (resolution === 'kept') {
    const { data } = keptChanges.safeParse(moved)
    if (data) await tx.person.updateMany({ where: { id: personId, knownOrcid: null }, data })
  } else await undoBinding(tx, actor, conflict, why)
}

async function undoBinding(tx: Tx, actor: StaffActor, conflict: LockedConflict, why: Reopening): Promise<void> {
  const { researcherId } = conflict
  const { data: before } = boundChanges.safeParse(conflict.moved)
  const personId = before?.personId ?? conflict.personId
  const [person] = await lockPeople(tx, [personId])
  if (!person) throw new PeopleError('erased')
  // It was bound elsewhere since, or unbound.
  if (!researcherId || person.researcherId !== researcherId) throw new PeopleError('not_possible')
  const { ownPersonId } = await unbind(tx, actor, { personId, ended: 'staff', ...why })
  if (!before) return
  const { takenFrom, replaced, knownOrcid, department, departmentTaken, closed } = before
  if (takenFrom) await bindAgain(tx, actor, { personId: takenFrom, researcherId, ...why })
  else if (department) await tx.person.update({ where: { id: ownPersonId }, data: { department } })
  if (replaced) await bindAgain(tx, actor, { personId, researcherId: replaced, ...why })
  if (departmentTaken) {
    await tx.person.updateMany({ where: { id: personId, department }, data: { department: null } })
  }
  if (knownOrcid) await tx.person.updateMany({ where: { id: personId, knownOrcid: null }, data: { knownOrcid } })
  await openAgain(tx, closed)
}

/** What waited for the decision is written now; what must wait again is not picked up. */
async function resumeBoth(tx: Tx, { personId, otherPersonId }: LockedConflict): Promise<void> {
  const bound = await tx.person.findMany({
    where: { id: { in: [personId, ...(otherPersonId ? [otherPersonId] : [])] }, researcherId: { not: null } },
    select: { researcherId: true },
  })
  for (const { researcherId } of bound) if (researcherId) await resumeItems(tx, researcherId)
}
