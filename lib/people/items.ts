import 'server-only'
import { z } from 'zod'
import { Prisma, queryRows, type Tx } from '@/lib/db'
import { enqueueJob } from '@/lib/jobs/queue'
import { coversScopes, writeScopes } from '@/lib/orcid/scopes'

/**
 * Gives the waiting items of a person who has just been bound to the record. Unless the person is proven, they wait
 * until the researcher has said that they are this person.
 */
export async function handOverItems(
  tx: Tx,
  { personId, researcherId, isProven }: { personId: string; researcherId: string; isProven: boolean },
): Promise<void> {
  await tx.$executeRaw`
    update affiliation set researcher_id = ${researcherId}::uuid, changed_at = now(), state = 'to_be_confirmed'
    where person_id = ${personId}::uuid and state = 'waiting_for_person'`
  // No record had what was removed before.
  await tx.$executeRaw`
    update affiliation set researcher_id = ${researcherId}::uuid
    where person_id = ${personId}::uuid and researcher_id is null`
  if (isProven) await confirmItems(tx, personId)
}

/** The researcher has said that they are the person: their items are written. */
export async function confirmItems(tx: Tx, personId: string): Promise<void> {
  await tx.$executeRaw`
    update affiliation set next_try_at = now(), changed_at = now(),
      state = (case when put_code is null then 'pending' else 'updating' end)::affiliation_state
    where person_id = ${personId}::uuid and state = 'to_be_confirmed'`
}

/** Writes what had to wait. */
export function resumeItems(tx: Tx, researcherId: string): Promise<void> {
  return enqueueJob(tx, 'resume-affiliations', { key: `resume-affiliations:${researcherId}` })
}

/**
 * Lets the items go that waited for a permission, in the transaction that saves it. The transaction must hold the lock on
 * the researcher.
 */
export async function releaseHeldItems(tx: Tx, researcherId: string, scopes: readonly string[]): Promise<void> {
  if (!coversScopes(scopes, writeScopes)) return
  const released = await tx.$executeRaw`
    update affiliation set next_try_at = now(), tries = 0, reason = null,
      state = (case when removal is not null then 'deleting' when put_code is null then 'pending' else 'updating' end)::affiliation_state
    where researcher_id = ${researcherId}::uuid and state in ('no_permission', 'no_token', 'person_withdrew')`
  if (released > 0) await resumeItems(tx, researcherId)
}

const isSame = Prisma.sql`one.kind = other.kind and lower(one.external_id) = lower(other.external_id)`

/** The items of a record that come to a person with its iD, and that the person does not have. */
export async function listItemsOfRecord(
  tx: Tx,
  { researcherId, holderId, personId }: { researcherId: string; holderId: string; personId: string },
): Promise<string[]> {
  const rows = await queryRows(
    tx,
    z.object({ id: z.string() }),
    Prisma.sql`
    select one.id::text from affiliation one
    where one.researcher_id = ${researcherId}::uuid and one.person_id = ${holderId}::uuid
      and not exists (select from affiliation other where other.person_id = ${personId}::uuid and ${isSame})`,
  )
  return rows.map(({ id }) => id)
}

/**
 * Before the items of a record come to a person: one identifier is one item. The one that is or was on the record stays,
 * unless staff removed it, and takes the words of the one that waited, unless the researcher removed it. Returns the ids
 * of the items that stay.
 */
export async function makeRoomForItems(
  tx: Tx,
  { researcherId, intoId }: { researcherId: string; intoId: string },
): Promise<string[]> {
  await tx.$executeRaw`
    delete from affiliation as one using affiliation as other
    where one.researcher_id = ${researcherId}::uuid and one.person_id <> ${intoId}::uuid
      and one.state = 'deleted' and one.removal = 'staff' and other.person_id = ${intoId}::uuid and ${isSame}`
  const stay = await queryRows(
    tx,
    z.object({ id: z.string() }),
    Prisma.sql`
    with gone as (
      delete from affiliation as one using affiliation as other
      where one.person_id = ${intoId}::uuid and other.person_id <> ${intoId}::uuid
        and other.researcher_id = ${researcherId}::uuid and ${isSame}
      returning one.*, other.id as stays_id)
    update affiliation r set misplaced = false, changed_at = now(),
      title = case when is_new then gone.title else r.title end,
      department = case when is_new then gone.department else r.department end,
      start_on = case when is_new then gone.start_on else r.start_on end,
      end_on = case when is_new then gone.end_on else r.end_on end,
      url = case when is_new then gone.url else r.url end,
      work = case when is_new then gone.work else r.work end,
      revision = r.revision + is_new::int,
      removal = case when is_new then null else r.removal end,
      state = case when is_new then 'to_be_confirmed' else r.state end
    from gone, lateral (
      select gone.state = 'waiting_for_person' and before.removal is distinct from 'person'
        and before.state <> 'deleted_by_person' and (before.removal is not null
          or (before.title, before.department, before.start_on, before.end_on, before.url, before.work)
            is distinct from (gone.title, gone.department, gone.start_on, gone.end_on, gone.url, gone.work)) as is_new
      from affiliation before where before.id = gone.stays_id) as judged
    where r.id = gone.stays_id returning r.id::text`,
  )
  return stay.map(({ id }) => id)
}

/** Neither on the record nor on its way there. */
export const isUnwritten = Prisma.sql`(put_code is null and posted_revision is null and removal is null
  and (claimed_until is null or claimed_until < now()))`

const itemColumns = Prisma.sql`kind, external_id, title, department, start_on, end_on, url, work, origin`

type Separation = {
  personId: string
  researcherId: string
  toPersonId: string
  /** Items that came with the iD. */
  cameWith: readonly string[]
  by: 'person' | 'staff'
}

const copied = {
  id: true,
  removal: true,
  kind: true,
  externalId: true,
  title: true,
  department: true,
  startOn: true,
  endOn: true,
  url: true,
  work: true,
  origin: true,
} as const

const settled: readonly string[] = ['in_orcid', 'deleted_by_person', 'deleted']

/**
 * Separates the items of a person from the record of a researcher who is not that person. What is on the record goes with
 * the iD to `toPersonId`, and can be removed there; what ORCID may be receiving right now is removed again. The person
 * keeps everything to be written, and waits. What came with the iD stays as it is. Returns how many items were stopped.
 */
export async function separateItems(tx: Tx, separation: Separation): Promise<number> {
  const { personId, researcherId, toPersonId, by } = separation
  const theirs = Prisma.sql`person_id = ${personId}::uuid and researcher_id = ${researcherId}::uuid`
  const before = await tx.affiliation.findMany({ where: { personId, researcherId }, select: copied })
  const joined = await makeRoomForItems(tx, { researcherId, intoId: toPersonId })
  const withId = [...separation.cameWith, ...joined]
  await tx.$executeRaw`
    update affiliation set person_id = ${toPersonId}::uuid where ${theirs} and id = any(${withId}::uuid[])`
  await tx.affiliation.createMany({
    data: before
      .filter(({ id, removal }) => removal !== 'staff' && joined.includes(id) && !separation.cameWith.includes(id))
      .map(({ id: _id, removal: _removal, work, ...item }) => ({
        ...item,
        work: work ?? Prisma.DbNull,
        personId,
        state: 'waiting_for_person',
      })),
  })
  const items = await queryRows(
    tx,
    z.object({ id: z.string(), state: z.string(), removal: z.string().nullable() }),
    Prisma.sql`
    select id::text, state::text, removal::text from affiliation where ${theirs} order by id for update`,
  )
  // A worker with a claim may be sending the item.
  await tx.$executeRaw`
    update affiliation set researcher_id = null, tries = 0, reason = null, claim_id = null, claimed_until = null,
      state = (case when removal = 'staff' then 'deleted' else 'waiting_for_person' end)::affiliation_state,
      removal = case when removal = 'staff' then removal end
    where ${theirs} and put_code is null and posted_revision is null and (claimed_until is null or claimed_until < now())`
  const kept = items.filter(({ removal }) => removal !== 'staff').map(({ id }) => id)
  await tx.$executeRaw`
    with moved as (
      update affiliation set person_id = ${toPersonId}::uuid, misplaced = true, next_try_at = now(),
        removal = case when put_code is null then coalesce(removal, ${by}::affiliation_removal) else removal end,
        revision = case when put_code is null then revision + 1 else revision end,
        written_revision = case when put_code is null then null else coalesce(written_revision, revision) end,
        state = (case when put_code is null then 'deleting'
          when removal is null and state <> 'deleted_by_person' then 'in_orcid' else state::text end)::affiliation_state
      where ${theirs} returning *)
    insert into affiliation (person_id, ${itemColumns}, state)
    select ${personId}::uuid, ${itemColumns}, 'waiting_for_person' from moved where id = any(${kept}::uuid[])`
  return items.filter(({ state, removal }) => removal === null && !settled.includes(state)).length
}

/** Gives somebody what others have on their record, as items that wait for an iD of their own. */
export async function copyItems(tx: Tx, ids: readonly string[], toPersonId: string): Promise<void> {
  await tx.$executeRaw`
    insert into affiliation (person_id, ${itemColumns}, state)
    select ${toPersonId}::uuid, ${itemColumns}, 'waiting_for_person'
    from affiliation where id = any(${ids}::uuid[]) and removal is null and state <> 'deleted_by_person'
    on conflict do nothing`
}
