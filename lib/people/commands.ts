import 'server-only'
import type { ResearcherActor, StaffActor } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import { inTransaction, Prisma, type Tx } from '@/lib/db'
import { bind, isOnlyAnId, type LockedPerson, lockPeople, lockWithHolder, unbind } from '@/lib/people/binding'
import { openConflict } from '@/lib/people/conflict-rows'
import { lastDayOf } from '@/lib/people/fuzzy-date'
import { confirmItems, resumeItems } from '@/lib/people/items'
import { changeLastDay } from '@/lib/people/leaving'
import { compareNames } from '@/lib/people/names'
import { refuseObjected } from '@/lib/people/objections'
import { PeopleError, type PersonKind, type PersonState } from '@/lib/people/person'
import { enqueueProposals } from '@/lib/people/proposing'
import type { InstitutionDetails } from '@/lib/researchers/details'

export type NewPerson = {
  localId: string | null
  givenName: string | null
  familyName: string | null
  email: string | null
  department: string | null
  kind: PersonKind
  confidential: boolean
  /** In which they are written to. Null: the institution's first. */
  language: string | null
}

/** The primary appointment, apart from what the person has too. */
export type NewAppointment = { title: string | null; startOn: string | null; endOn: string | null }

type Entry = NewPerson & { appointment: NewAppointment }

const isTaken = (error: unknown) => error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002'

/** Adds somebody to the roster. @throws PeopleError `local_id_taken` or `objected` */
export async function addPerson(actor: StaffActor, entry: Entry, requestId: string): Promise<string> {
  const { appointment, ...person } = entry
  const { department, kind } = person
  try {
    return await inTransaction(async (tx) => {
      await refuseObjected(tx, person)
      const { id } = await tx.person.create({
        data: {
          ...person,
          ...stateOf(appointment),
          origin: 'entered',
          appointments: { create: { ...appointment, department, kind, primary: true } },
        },
        select: { id: true },
      })
      await enqueueProposals(tx)
      await recordEvent(tx, actor, { action: 'person.added', requestId, detail: { personId: id } })
      return id
    })
  } catch (error) {
    throw isTaken(error) ? new PeopleError('local_id_taken') : error
  }
}

/** Changes what the roster says of somebody. @throws PeopleError `local_id_taken`, `objected` or `erased` */
export async function changePerson(actor: StaffActor, id: string, entry: Entry, requestId: string): Promise<void> {
  const { appointment, ...person } = entry
  const { department, kind } = person
  try {
    await inTransaction(async (tx) => {
      const [before] = await lockPeople(tx, [id])
      if (!before || before.mergedIntoId) throw new PeopleError('erased')
      const { email } = await tx.person.findUniqueOrThrow({ where: { id }, select: { email: true } })
      await refuseObjected(tx, {
        localId: before.localId === person.localId ? null : person.localId,
        email: email === person.email ? null : person.email,
      })
      await tx.person.update({ where: { id }, data: person, select: { id: true } })
      const primary = { department, kind, ...appointment }
      const { count } = await tx.appointment.updateMany({ where: { personId: id, primary: true }, data: primary })
      if (count === 0) await tx.appointment.create({ data: { ...primary, personId: id, primary: true } })
      const { researcherId } = before
      await recordEvent(tx, actor, { action: 'person.changed', researcherId, requestId, detail: { personId: id } })
      const lastDay = appointment.endOn && lastDayOf(appointment.endOn)
      await changeLastDay(tx, actor, { id, researcherId, lastDay, requestId })
    })
  } catch (error) {
    throw isTaken(error) ? new PeopleError('local_id_taken') : error
  }
}

function stateOf({ endOn }: NewAppointment): { leavesOn: Date | null; state: PersonState } {
  return endOn ? { leavesOn: new Date(lastDayOf(endOn)), state: 'leaving' } : { leavesOn: null, state: 'active' }
}

/** `conflict`: the number is somebody's on the roster, and staff have to decide whether they are the same person. */
export type DetailsResult = 'saved' | 'bound' | 'conflict' | 'gone'

/**
 * Saves the department and number of a researcher. The number of somebody on the roster binds the iD to them.
 *
 * @throws PeopleError `local_id_taken` if the number is another person's and the researcher has one already, `objected`
 */
export function setInstitutionDetails(
  actor: StaffActor,
  researcherId: string,
  { department, localId }: InstitutionDetails,
  requestId?: string,
): Promise<DetailsResult> {
  return inTransaction(async (tx) => {
    const otherId = localId ? await findIdByLocalId(tx, localId) : null
    const { people, holder } = await lockWithHolder(tx, researcherId, otherId ? [otherId] : [])
    if (!holder) return 'gone'
    if (localId !== holder.localId) await refuseObjected(tx, { localId, email: null })
    const other = people.find(({ id }) => id === otherId && id !== holder.id) ?? null
    if (other && !isOnlyAnId(holder)) throw new PeopleError('local_id_taken')
    const changed = await tx.$executeRaw`
      update person set department = ${department}, local_id = ${other ? holder.localId : localId}
      where id = ${holder.id}::uuid
        and (department, local_id) is distinct from (${department}::text, ${other ? holder.localId : localId}::text)`
    if (changed > 0) await recordEvent(tx, actor, { action: 'researcher.details_changed', researcherId, requestId })
    if (!other) return 'saved'
    return (await bindTo(tx, actor, { person: other, holder, researcherId, requestId })) ? 'conflict' : 'bound'
  })
}

/** The number of an entry that was merged leads to the other one. */
async function findIdByLocalId(tx: Tx, localId: string): Promise<string | null> {
  const found = await tx.person.findUnique({ where: { localId }, select: { id: true, mergedIntoId: true } })
  return found?.mergedIntoId ?? found?.id ?? null
}

type Pair = { person: LockedPerson; holder: LockedPerson; researcherId: string; requestId?: string }

/** Binds, or opens a conflict and returns its id. */
async function bindTo(tx: Tx, actor: StaffActor, pair: Pair): Promise<string | null> {
  const { person, holder, researcherId, requestId } = pair
  const kind = whatHinders(pair)
  const between = { kind, personId: person.id, otherPersonId: holder.id, requestId }
  if (kind === 'two_people_are_one') return openConflict(tx, { ...between, kind }, actor)
  if (kind) return openConflict(tx, { ...between, kind, researcherId }, actor)
  await bind(tx, actor, { personId: person.id, researcherId, proof: 'staff', requestId })
  return null
}

function whatHinders({ person, holder }: Pair) {
  if (!isOnlyAnId(holder)) return person.researcherId ? 'two_people_are_one' : 'one_id_two_people'
  if (person.researcherId) return 'one_person_two_ids'
  return compareNames(person.rosterName, holder.orcidName) === 'unlike' ? 'names_differ' : null
}

/** Binds an iD to somebody on the roster. @returns false if a conflict was opened instead */
export function bindByStaff(
  actor: StaffActor,
  { personId, researcherId, requestId }: { personId: string; researcherId: string; requestId: string },
): Promise<boolean> {
  return inTransaction(async (tx) => {
    const { people, holder } = await lockWithHolder(tx, researcherId, [personId])
    const person = people.find(({ id }) => id === personId)
    if (!person || !holder || person.mergedIntoId) throw new PeopleError('erased')
    if (holder.id === person.id) return true
    return (await bindTo(tx, actor, { person, holder, researcherId, requestId })) === null
  })
}

/** `bound`: one of the two was nothing but an iD. `unknown`: nobody has the number. */
export type SamePersonResult = { kind: 'conflict'; id: string } | { kind: 'bound' | 'unknown' | 'same' }

/**
 * Staff think that two entries are one person: opens the question whether to merge them. Where nothing but an iD is
 * known of one of them, that is a question about the iD.
 *
 * @throws PeopleError `erased`, or `cycle` if this entry is merged already
 */
export function askWhetherSame(
  actor: StaffActor,
  { personId, localId, requestId }: { personId: string; localId: string; requestId: string },
): Promise<SamePersonResult> {
  return inTransaction(async (tx) => {
    const otherId = await findIdByLocalId(tx, localId)
    if (!otherId) return { kind: 'unknown' }
    if (otherId === personId) return { kind: 'same' }
    const people = await lockPeople(tx, [personId, otherId])
    const [one, other] = [people.find(({ id }) => id === personId), people.find(({ id }) => id === otherId)]
    if (!one || !other) throw new PeopleError('erased')
    if (one.mergedIntoId || other.mergedIntoId) throw new PeopleError('cycle')
    const { researcherId } = one
    if (researcherId && isOnlyAnId(one)) {
      const id = await bindTo(tx, actor, { person: other, holder: one, researcherId, requestId })
      return id ? { kind: 'conflict', id } : { kind: 'bound' }
    }
    const asked = { kind: 'two_people_are_one', personId: otherId, otherPersonId: personId, resolvedAt: null } as const
    const open = await tx.conflict.findFirst({ where: asked, select: { id: true } })
    if (open) return { kind: 'conflict', id: open.id }
    const between = { personId, otherPersonId: otherId, requestId }
    return { kind: 'conflict', id: await openConflict(tx, { ...between, kind: 'two_people_are_one' }, actor) }
  })
}

/** Takes the iD from a person, for a reason. @throws PeopleError `erased` or `not_possible` */
export function unbindByStaff(
  actor: StaffActor,
  { personId, reason, requestId }: { personId: string; reason: string; requestId: string },
): Promise<void> {
  return inTransaction(async (tx) => {
    const [person] = await lockPeople(tx, [personId])
    if (!person) throw new PeopleError('erased')
    await unbind(tx, actor, { personId, ended: 'staff', reason, requestId })
  })
}

/** "Yes, this is me": what waits for that is written. Does nothing if the binding that was shown has ended. */
export function confirmMyBinding(actor: ResearcherActor, personId: string, requestId: string): Promise<void> {
  return inTransaction(async (tx) => {
    const { researcherId } = actor
    await lockPeople(tx, [personId])
    const open = { researcherId, personId, endedAt: null, confirmedAt: null, proof: { not: 'connection' } } as const
    const { count } = await tx.binding.updateMany({ where: open, data: { confirmedAt: new Date() } })
    if (count === 0) return
    await confirmItems(tx, personId)
    await recordEvent(tx, actor, { action: 'person.confirmed', researcherId, requestId, detail: { personId } })
    await resumeItems(tx, researcherId)
  })
}

/**
 * "This is not me": unbinds at once, stops what waits, and tells staff.
 *
 * @throws PeopleError `not_possible` if the binding that was shown has ended
 */
export function refuseMyBinding(actor: ResearcherActor, personId: string, requestId: string): Promise<void> {
  return inTransaction(async (tx) => {
    const { researcherId } = actor
    const { ownPersonId } = await unbind(tx, actor, { personId, researcherId, ended: 'not_me', requestId })
    const between = { personId, otherPersonId: ownPersonId, researcherId, requestId }
    await openConflict(tx, { ...between, kind: 'names_differ', evidence: ['not_me'] }, actor)
  })
}
