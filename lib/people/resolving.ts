import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import { inTransaction, Prisma, queryRows, type Tx } from '@/lib/db'
import { bind, unbind } from '@/lib/people/binding'
import { mergePeople, splitPeople } from '@/lib/people/merging'
import { type ConflictKind, conflictKinds, PeopleError, type Resolution, resolutions } from '@/lib/people/person'

/** What staff can decide about each kind. `kept`: both sides stay as they are. */
export const choicesOf: Record<ConflictKind, readonly Resolution[]> = {
  one_id_two_people: ['bound', 'kept'],
  one_person_two_ids: ['bound', 'kept'],
  names_differ: ['bound', 'kept'],
  other_id_known: ['kept', 'split'],
  two_people_are_one: ['merged', 'kept'],
  proposal: ['bound', 'kept'],
}

const lockedConflict = z.object({
  id: z.string(),
  kind: z.enum(conflictKinds),
  personId: z.string(),
  otherPersonId: z.string().nullable(),
  isOpen: z.boolean(),
  resolution: z.enum(resolutions).nullable(),
  moved: z.unknown(),
})
type LockedConflict = z.infer<typeof lockedConflict>

/** Waits for a colleague who is deciding the same conflict. */
async function lockConflict(tx: Tx, id: string): Promise<LockedConflict> {
  const [row] = await queryRows(
    tx,
    lockedConflict,
    Prisma.sql`
      select id::text, kind::text, person_id::text as "personId", other_person_id::text as "otherPersonId",
        resolved_at is null as "isOpen", resolution::text, moved
      from conflict where id = ${id}::uuid for update`,
  )
  if (!row) throw new PeopleError('erased')
  return row
}

type Decision = { id: string; resolution: Resolution; reason: string; requestId: string }

/**
 * Decides a conflict or proposal.
 *
 * @throws PeopleError if somebody was faster, if somebody was erased, or if the choice does not fit
 */
export function resolveConflict(actor: StaffActor, { id, resolution, reason, requestId }: Decision): Promise<void> {
  return inTransaction(async (tx) => {
    const conflict = await lockConflict(tx, id)
    if (!conflict.isOpen) throw new PeopleError('already_resolved')
    if (!choicesOf[conflict.kind].includes(resolution)) throw new PeopleError('not_possible')
    // Closed first: binding closes what else the iD had opened.
    await tx.conflict.update({
      where: { id },
      data: { resolvedAt: new Date(), resolution, resolvedById: actor.staffId, reason },
    })
    const moved = await carryOut(tx, actor, conflict, { resolution, reason, requestId })
    if (moved) await tx.conflict.update({ where: { id }, data: { moved } })
    const detail = { conflictId: id, kind: conflict.kind, resolution, personId: conflict.personId }
    await recordEvent(tx, actor, { action: 'conflict.resolved', requestId, detail })
  })
}

async function carryOut(
  tx: Tx,
  actor: StaffActor,
  { kind, personId, otherPersonId }: LockedConflict,
  { resolution, reason, requestId }: Omit<Decision, 'id'>,
): Promise<Prisma.InputJsonObject | null> {
  if (resolution === 'merged') return mergePeople(tx, actor, { intoId: personId, fromId: otherPersonId, requestId })
  if (resolution === 'split') {
    await unbind(tx, actor, { personId, ended: 'staff', reason, requestId })
    return null
  }
  if (resolution === 'kept') {
    if (kind === 'other_id_known') await tx.person.update({ where: { id: personId }, data: { knownOrcid: null } })
    return null
  }
  const [person, other] = await Promise.all(
    [personId, otherPersonId ?? ''].map((id) =>
      id ? tx.person.findUnique({ where: { id }, select: { researcherId: true } }) : null,
    ),
  )
  const researcherId = other?.researcherId
  if (!researcherId) throw new PeopleError('erased')
  if (person?.researcherId) await unbind(tx, actor, { personId, ended: 'staff', reason, requestId })
  await bind(tx, actor, { personId, researcherId, proof: 'staff', reason, requestId })
  return { researcherId, replaced: person?.researcherId ?? null }
}

/**
 * Takes a decision back: the conflict is open again, and both sides are as before.
 *
 * @throws PeopleError if it is open, or if what was moved has changed since
 */
export function reopenConflict(actor: StaffActor, id: string, reason: string, requestId: string): Promise<void> {
  return inTransaction(async (tx) => {
    const conflict = await lockConflict(tx, id)
    if (conflict.isOpen || !conflict.resolution) throw new PeopleError('already_resolved')
    const { personId, resolution } = conflict
    if (resolution === 'merged') {
      await splitPeople(tx, actor, {
        intoId: personId,
        fromId: conflict.otherPersonId,
        moved: conflict.moved,
        requestId,
      })
    }
    let { otherPersonId } = conflict
    if (resolution === 'bound') {
      const { researcherId } = await unbind(tx, actor, { personId, ended: 'staff', reason, requestId })
      const own = await tx.person.findUnique({ where: { researcherId }, select: { id: true } })
      otherPersonId = own?.id ?? otherPersonId
    }
    await tx.conflict.update({
      where: { id },
      data: {
        resolvedAt: null,
        resolution: null,
        resolvedById: null,
        reason: null,
        otherPersonId,
        moved: Prisma.DbNull,
      },
    })
    const detail = { conflictId: id, kind: conflict.kind, personId }
    await recordEvent(tx, actor, { action: 'conflict.reopened', requestId, detail })
  })
}
