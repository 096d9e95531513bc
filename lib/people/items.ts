import 'server-only'
import { Prisma, type Tx } from '@/lib/db'

/**
 * Gives the waiting items of a person who has just been bound to the record. Unless the person is proven, they wait
 * until the researcher has said that they are this person.
 */
export async function handOverItems(
  tx: Tx,
  { personId, researcherId, isProven }: { personId: string; researcherId: string; isProven: boolean },
): Promise<void> {
  await tx.$executeRaw`
    update affiliation set researcher_id = ${researcherId}::uuid, next_try_at = now(), changed_at = now(),
      state = ${isProven ? 'pending' : 'to_be_confirmed'}::affiliation_state
    where person_id = ${personId}::uuid and state = 'waiting_for_person'`
}

/** The researcher has said that they are the person: their items are written. */
export async function confirmItems(tx: Tx, personId: string): Promise<void> {
  await tx.$executeRaw`
    update affiliation set state = 'pending', next_try_at = now(), changed_at = now()
    where person_id = ${personId}::uuid and state = 'to_be_confirmed'`
}

const isSame = Prisma.sql`one.kind = other.kind and lower(one.external_id) = lower(other.external_id)`

/** The items of a record that come to a person with its iD, and that the person does not have. */
export async function listItemsOfRecord(
  tx: Tx,
  { researcherId, holderId, personId }: { researcherId: string; holderId: string; personId: string },
): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    select one.id::text from affiliation one
    where one.researcher_id = ${researcherId}::uuid and one.person_id = ${holderId}::uuid
      and not exists (select from affiliation other where other.person_id = ${personId}::uuid and ${isSame})`
  return rows.map(({ id }) => id)
}

/**
 * Before the items of a record come to a person: one identifier is one item. The one that is or was on the record stays,
 * unless staff removed it.
 */
export async function makeRoomForItems(
  tx: Tx,
  { researcherId, intoId }: { researcherId: string; intoId: string },
): Promise<void> {
  await tx.$executeRaw`
    delete from affiliation as one using affiliation as other
    where one.researcher_id = ${researcherId}::uuid and one.person_id <> ${intoId}::uuid
      and one.state = 'deleted' and one.removal = 'staff' and other.person_id = ${intoId}::uuid and ${isSame}`
  await tx.$executeRaw`
    delete from affiliation as one using affiliation as other
    where one.person_id = ${intoId}::uuid and other.person_id <> ${intoId}::uuid
      and other.researcher_id = ${researcherId}::uuid and ${isSame}`
}

/** Neither on the record nor on its way there. */
export const isUnwritten = Prisma.sql`(put_code is null and posted_revision is null and removal is null
  and (claimed_until is null or claimed_until < now()))`

const itemColumns = Prisma.sql`kind, external_id, title, department, start_on, end_on, url, origin`

type Separation = { personId: string; researcherId: string; toPersonId: string; cameWith: readonly string[] }

/**
 * Separates the items of a person from the record to which they are no longer bound. What is on it, or may be, goes with
 * the iD to `toPersonId`; what ORCID may be receiving right now is removed again. The person keeps everything to be
 * written, and waits, but for items that came with the iD (`cameWith`).
 */
export async function separateItems(
  tx: Tx,
  { personId, researcherId, toPersonId, cameWith }: Separation,
): Promise<void> {
  await tx.$executeRaw`
    update affiliation set researcher_id = null, state = 'waiting_for_person', tries = 0, reason = null
    where person_id = ${personId}::uuid and researcher_id = ${researcherId}::uuid and ${isUnwritten}
      and state not in ('deleted', 'deleted_by_person') and id <> all(${[...cameWith]}::uuid[])`
  await makeRoomForItems(tx, { researcherId, intoId: toPersonId })
  await tx.$executeRaw`
    with before as materialized (
      select * from affiliation where person_id = ${personId}::uuid and researcher_id = ${researcherId}::uuid
    ), moved as (
      update affiliation a set person_id = ${toPersonId}::uuid,
        removal = case when is_sent then coalesce(a.removal, 'person') else a.removal end,
        state = case when is_sent then 'deleting' else a.state end,
        revision = a.revision + is_sent::int, next_try_at = now()
      from before, lateral (select before.put_code is null and before.state not in ('deleted', 'deleted_by_person')
        and before.id <> all(${[...cameWith]}::uuid[]) as is_sent)
      where a.id = before.id
      returning a.id)
    insert into affiliation (person_id, ${itemColumns}, state)
    select ${personId}::uuid, ${itemColumns}, 'waiting_for_person'
    from before join moved using (id) where removal is null and state <> 'deleted_by_person' and id <> all(${[...cameWith]}::uuid[])`
}

/** Gives somebody what others have on their record, as items that wait for an iD of their own. */
export async function copyItems(tx: Tx, ids: readonly string[], toPersonId: string): Promise<void> {
  await tx.$executeRaw`
    insert into affiliation (person_id, ${itemColumns}, state)
    select ${toPersonId}::uuid, ${itemColumns}, 'waiting_for_person'
    from affiliation where id = any(${ids}::uuid[]) and removal is null and state <> 'deleted_by_person'
    on conflict do nothing`
}
