import 'server-only'
import { type Actor, type ResearcherActor, type StaffActor, type SystemActor, system } from '@/lib/actor'
import { eraseAffiliations } from '@/lib/affiliations/erasing'
import { eraseAttempts, lockAttempts } from '@/lib/attempts/commands'
import { recordEvent } from '@/lib/audit/commands'
import { eraseCalls } from '@/lib/calls/commands'
import { eraseChecks } from '@/lib/checks/commands'
import { inTransaction, type Tx } from '@/lib/db'
import { eraseGrants } from '@/lib/grants/commands'
import { enqueueJob } from '@/lib/jobs/queue'
import { lockPeople } from '@/lib/people/binding'
import { erasePerson, erasePersonOf } from '@/lib/people/erasing'
import type { KeptReason, ObjectionReason } from '@/lib/people/objections'
import { PeopleError } from '@/lib/people/person'
import { forgetRecords } from '@/lib/records/cache'
import { deleteResearcher, findLockedResearcher, listMergedInto } from '@/lib/researchers/commands'
import { eraseNotes } from '@/lib/researchers/note-commands'
import type { ErasureReason, StaffErasureReason } from '@/lib/retention/erasure'
import { eraseSessions } from '@/lib/sessions/commands'
import { eraseStaffName } from '@/lib/staff/commands'
import { eraseTrials } from '@/lib/trials/commands'

/** Erases the actor and ends their sessions. Idempotent. */
export async function eraseMyself(actor: ResearcherActor, requestId?: string): Promise<void> {
  await erase(actor, actor.researcherId, 'own_request', requestId)
}

/** Returns false if nobody has this id. */
export function eraseResearcher(
  actor: StaffActor,
  researcherId: string,
  reason: StaffErasureReason,
  requestId?: string,
): Promise<boolean> {
  return erase(actor, researcherId, reason, requestId)
}

/**
 * Repeats an erasure after a restore, also of somebody who never connected. Whether they may be on a roster again is a
 * line of its own in the ledger. Returns false if nobody has this id.
 */
export async function eraseAgain(id: string, erasedAt: Date): Promise<boolean> {
  return (
    (await erase(system, id, 'repeated', undefined, erasedAt)) ||
    strikeOff(system, id, { reason: 'repeated', erasedAt })
  )
}

type StrikingOff = { reason: ObjectionReason | 'repeated'; requestId?: string; erasedAt?: Date }

/**
 * Erases somebody who never connected, and keeps them from coming back with the next roster. Returns false if nobody has
 * this id.
 *
 * @throws PeopleError `has_an_id`
 */
export function strikeOff(
  actor: StaffActor | SystemActor,
  personId: string,
  { reason, requestId, erasedAt }: StrikingOff,
): Promise<boolean> {
  return inTransaction(async (tx) => {
    const [person] = await lockPeople(tx, [personId])
    if (!person) return false
    if (person.researcherId) throw new PeopleError('has_an_id')
    await erasePerson(tx, personId, keptOff(reason))
    await tx.$executeRaw`delete from affiliation_draft where strpos(content::text, ${personId}) > 0`
    // Its entry in the ledger repeats the erasure on a restored backup.
    await tx.erasure.create({ data: { researcherId: personId, reason, actorKind: actor.kind, erasedAt } })
    await recordEvent(tx, actor, { action: 'person.erased', requestId, detail: { personId, reason } })
    await enqueueJob(tx, 'ledger', { key: 'ledger' })
    return true
  })
}

/** Who has left may be employed again. After a restore the ledger says who may not come back. */
const keptOff = (reason: ErasureReason): KeptReason | null =>
  reason === 'left' || reason === 'repeated' ? null : reason

/** Erases somebody who has left, when they have been kept for long enough. They may be on a roster again. */
export function eraseLeaver({ id, researcherId }: { id: string; researcherId: string | null }): Promise<boolean> {
  if (researcherId) return erase(system, researcherId, 'left')
  return inTransaction(async (tx) => {
    const [person] = await lockPeople(tx, [id])
    if (!person || person.researcherId) return false
    await erasePerson(tx, id, null)
    await recordEvent(tx, system, { action: 'person.erased', detail: { personId: id, reason: 'left' } })
    return true
  })
}

/**
 * Erases a researcher, and the iDs that ORCID merged into theirs, in one transaction: nobody can sign in with merged
 * iDs to erase them.
 */
async function erase(
  actor: Actor,
  researcherId: string,
  reason: ErasureReason,
  requestId?: string,
  erasedAt?: Date,
): Promise<boolean> {
  const isErased = await inTransaction(async (tx) => {
    const erasure = { reason, requestId, erasedAt }
    for (const merged of await listMergedInto(tx, researcherId)) await eraseOne(tx, actor, merged, erasure)
    const isFound = await eraseOne(tx, actor, researcherId, erasure)
    // At once: until the ledger has it, a restore would undo it.
    if (isFound) await enqueueJob(tx, 'ledger', { key: 'ledger' })
    return isFound
  })
  forgetRecords(researcherId)
  return isErased
}

/**
 * Leaves only anonymous rows: a tombstone, the events, and the tokens that ORCID still has to disable; and a role on the
 * team with its iD, until an administrator ends it.
 */
async function eraseOne(
  tx: Tx,
  actor: Actor,
  researcherId: string,
  { reason, requestId, erasedAt }: { reason: ErasureReason; requestId?: string; erasedAt?: Date },
): Promise<boolean> {
  await lockAttempts(tx, researcherId)
  const researcher = await findLockedResearcher(tx, researcherId)
  if (!researcher) return false
  await eraseSessions(tx, researcherId)
  await eraseAffiliations(tx, researcher)
  await eraseCalls(tx, researcherId)
  await eraseNotes(tx, researcherId)
  await eraseChecks(tx, researcherId)
  await eraseGrants(tx, actor, researcherId, requestId)
  await eraseTrials(tx, actor, researcher.orcid)
  await eraseAttempts(tx, researcherId)
  await erasePersonOf(tx, researcherId, keptOff(reason))
  await deleteResearcher(tx, researcherId)
  await eraseStaffName(tx, researcher.orcid)
  await tx.erasure.create({ data: { researcherId, reason, actorKind: actor.kind, erasedAt } })
  await recordEvent(tx, actor, { action: 'researcher.erased', researcherId, requestId, detail: { reason } })
  return true
}
