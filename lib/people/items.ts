import 'server-only'
import type { Tx } from '@/lib/db'

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

/**
 * Separates the items of a person who is no longer bound. What is on the record, or may be, stays with the researcher;
 * what ORCID may be receiving right now is removed again. The person keeps everything to be written, and waits.
 */
export async function separateItems(
  tx: Tx,
  { personId, researcherId, ownPersonId }: { personId: string; researcherId: string; ownPersonId: string },
): Promise<void> {
  await tx.$executeRaw`
    update affiliation set researcher_id = null, state = 'waiting_for_person', tries = 0, reason = null
    where person_id = ${personId}::uuid and researcher_id = ${researcherId}::uuid and put_code is null
      and posted_revision is null and (claimed_until is null or claimed_until < now())
      and removal is null`
  await tx.$executeRaw`
    with moved as (
      update affiliation set person_id = ${ownPersonId}::uuid,
        removal = case when put_code is null then 'person' else removal end,
        state = case when put_code is null then 'deleting' else state end,
        revision = case when put_code is null then revision + 1 else revision end, next_try_at = now()
      where person_id = ${personId}::uuid and researcher_id = ${researcherId}::uuid
      returning *)
    insert into affiliation (person_id, kind, external_id, title, department, start_on, end_on, url, origin, state)
    select ${personId}::uuid, kind, external_id, title, department, start_on, end_on, url, origin, 'waiting_for_person'
    from moved where state <> 'deleted_by_person' and (removal is null or put_code is null)`
}
