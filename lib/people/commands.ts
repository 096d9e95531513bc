import 'server-only'
import type { ResearcherActor, StaffActor } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import { inTransaction, Prisma, type Tx } from '@/lib/db'
import { enqueueJob } from '@/lib/jobs/queue'
import { bind, findHolder, isOnlyAnId, type LockedPerson, lockPeople, openConflict, unbind } from '@/lib/people/binding'
import { lastDayOf } from '@/lib/people/fuzzy-date'
import { confirmItems } from '@/lib/people/items'
import { compareNames } from '@/lib/people/names'
import { PeopleError, type PersonKind, type PersonState } from '@/lib/people/person'
import type { InstitutionDetails } from '@/lib/researchers/details'

export type NewPerson = {
  localId: string | null
  givenName: string | null
  familyName: string | null
  email: string | null
  department: string | null
  kind: PersonKind
  confidential: boolean
}

/** The primary appointment, apart from what the person has too. */
export type NewAppointment = { title: string | null; startOn: string | null; endOn: string | null }

type Entry = NewPerson & { appointment: NewAppointment }

const isTaken = (error: unknown) => error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002'

/** Adds somebody to the roster. @throws PeopleError `local_id_taken` */
export async function addPerson(actor: StaffActor, entry: Entry, requestId: string): Promise<string> {
  const { appointment, ...person } = entry
  const { department, kind } = person
  try {
    return await inTransaction(async (tx) => {
      const { id } = await tx.person.create({
        data: {
          ...person,
          ...stateOf(appointment),
          origin: 'entered',
          appointments: { create: { ...appointment, department, kind, primary: true } },
        },
        select: { id: true },
      })
      await recordEvent(tx, actor, { action: 'person.added', requestId, detail: { personId: id } })
      return id
    })
  } catch (error) {
    throw isTaken(error) ? new PeopleError('local_id_taken') : error
  }
}

/** Changes what the roster says of somebody. @throws PeopleError `local_id_taken` or `erased` */
export async function changePerson(actor: StaffActor, id: string, entry: Entry, requestId: string): Promise<void> {
  const { appointment, ...person } = entry
  const { department, kind } = person
  try {
    await inTransaction(async (tx) => {
      const [before] = await lockPeople(tx, [id])
      if (!before || before.mergedIntoId) throw new PeopleError('erased')
      const { state, leavesOn } = await tx.person.findUniqueOrThrow({ where: { id } })
      const ends = stateOf(appointment)
      const isSame = leavesOn?.getTime() === ends.leavesOn?.getTime()
      await tx.person.update({
        where: { id },
        data: { ...person, ...(isSame ? {} : { leavesOn: ends.leavesOn, ...nextState(state, ends.leavesOn) }) },
        select: { id: true },
      })
      const primary = { department, kind, ...appointment }
      const { count } = await tx.appointment.updateMany({ where: { personId: id, primary: true }, data: primary })
      if (count === 0) await tx.appointment.create({ data: { ...primary, personId: id, primary: true } })
      const { researcherId } = before
      await recordEvent(tx, actor, { action: 'person.changed', researcherId, requestId, detail: { personId: id } })
    })
  } catch (error) {
    throw isTaken(error) ? new PeopleError('local_id_taken') : error
  }
}

function stateOf({ endOn }: NewAppointment): { leavesOn: Date | null; state: PersonState } {
  return endOn ? { leavesOn: new Date(lastDayOf(endOn)), state: 'leaving' } : { leavesOn: null, state: 'active' }
}

/** Another last day brings back who was paused; who has left stays so until they return. */
const nextState = (state: PersonState, leavesOn: Date | null) =>
  state === 'left' ? {} : { state: leavesOn ? ('leaving' as const) : ('active' as const), pausedAt: null }

/** `conflict`: the number is somebody's on the roster, and staff have to decide whether they are the same person. */
export type DetailsResult = 'saved' | 'bound' | 'conflict' | 'gone'

/**
 * Saves the department and number of a researcher. The number of somebody on the roster binds the iD to them.
 *
 * @throws PeopleError `local_id_taken` if the number is another person's and the researcher has one already
 */
export function setInstitutionDetails(
  actor: StaffActor,
  researcherId: string,
  { department, localId }: InstitutionDetails,
  requestId?: string,
): Promise<DetailsResult> {
  return inTransaction(async (tx) => {
    const holderId = await findHolder(tx, researcherId)
    const [holder] = holderId ? await lockPeople(tx, [holderId]) : []
    if (!holder) return 'gone'
    const other = localId ? await findByLocalId(tx, localId, holder.id) : null
    if (other && !isOnlyAnId(holder)) throw new PeopleError('local_id_taken')
    const changed = await tx.$executeRaw`
      update person set department = ${department}, local_id = ${other ? holder.localId : localId}
      where id = ${holder.id}::uuid
        and (department, local_id) is distinct from (${department}::text, ${other ? holder.localId : localId}::text)`
    if (changed > 0) await recordEvent(tx, actor, { action: 'researcher.details_changed', researcherId, requestId })
    if (!other) return 'saved'
    return (await bindTo(tx, actor, { person: other, holder, researcherId, requestId })) ? 'bound' : 'conflict'
  })
}

async function findByLocalId(tx: Tx, localId: string, exceptId: string): Promise<LockedPerson | null> {
  const found = await tx.person.findUnique({ where: { localId }, select: { id: true, mergedIntoId: true } })
  const id = found?.mergedIntoId ?? found?.id
  if (!id || id === exceptId) return null
  const [person] = await lockPeople(tx, [id])
  return person ?? null
}

type Pair = { person: LockedPerson; holder: LockedPerson; researcherId: string; requestId?: string }

/** Binds, or opens a conflict and returns false. */
async function bindTo(tx: Tx, actor: StaffActor, { person, holder, researcherId, requestId }: Pair): Promise<boolean> {
  const between = { personId: person.id, otherPersonId: holder.id }
  if (person.researcherId) {
    await openConflict(tx, { ...between, kind: 'one_person_two_ids' })
    return false
  }
  if (compareNames(person.rosterName, holder.orcidName) === 'unlike') {
    await openConflict(tx, { ...between, kind: 'names_differ' })
    return false
  }
  await bind(tx, actor, { personId: person.id, researcherId, proof: 'staff', requestId })
  return true
}

/** Binds an iD to somebody on the roster. @returns false if a conflict was opened instead */
export function bindByStaff(
  actor: StaffActor,
  { personId, researcherId, requestId }: { personId: string; researcherId: string; requestId: string },
): Promise<boolean> {
  return inTransaction(async (tx) => {
    const holderId = await findHolder(tx, researcherId)
    const people = await lockPeople(tx, [personId, ...(holderId ? [holderId] : [])])
    const [person, holder] = [people.find(({ id }) => id === personId), people.find(({ id }) => id === holderId)]
    if (!person || !holder || person.mergedIntoId) throw new PeopleError('erased')
    if (holder.id === person.id) return true
    return bindTo(tx, actor, { person, holder, researcherId, requestId })
  })
}

/** "Yes, this is me": what waits for that is written. */
export function confirmMyBinding(actor: ResearcherActor, requestId: string): Promise<void> {
  return inTransaction(async (tx) => {
    const { researcherId } = actor
    const personId = await findHolder(tx, researcherId)
    if (!personId) return
    const open = { researcherId, personId, endedAt: null, confirmedAt: null }
    const { count } = await tx.binding.updateMany({ where: open, data: { confirmedAt: new Date() } })
    if (count === 0) return
    await confirmItems(tx, personId)
    await recordEvent(tx, actor, { action: 'person.confirmed', researcherId, requestId, detail: { personId } })
    await enqueueJob(tx, 'resume-affiliations', { key: `resume-affiliations:${researcherId}` })
  })
}

/** "This is not me": unbinds at once, and stops what waits. @throws PeopleError `not_possible` */
export function refuseMyBinding(actor: ResearcherActor, requestId: string): Promise<void> {
  return inTransaction(async (tx) => {
    const personId = await findHolder(tx, actor.researcherId)
    if (!personId) throw new PeopleError('not_possible')
    await unbind(tx, actor, { personId, ended: 'not_me', requestId })
  })
}
