import 'server-only'
import { z } from 'zod'
import { Prisma, queryRows, type Tx, toSqlTime } from '@/lib/db'

type Handing = { personId: string; researcherId: string; madeAt: Date; isProven: boolean }

/**
 * Gives the waiting items of a person who has been bound to the record. Unless the person is proven, they wait until the
 * researcher has said that they are this person. `changed_at` then tells that an item is on the record because of this
 * binding.
 */
export async function handOverItems(tx: Tx, { personId, researcherId, madeAt, isProven }: Handing): Promise<void> {
  await tx.$executeRaw`
    update affiliation set researcher_id = ${researcherId}::uuid, state = 'to_be_confirmed', changed_at = ${toSqlTime(madeAt)}
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

type Joining = { fromId: string; intoId: string; madeAt: Date }

/**
 * Moves the items of a person of whom only an iD is known. Where the other person has the same one waiting, the row of
 * the record stays and takes its words, unless the researcher removed it.
 */
export async function joinItems(tx: Tx, { fromId, intoId, madeAt }: Joining): Promise<void> {
  await tx.$executeRaw`
    with doubled as (
      delete from affiliation w using affiliation r
      where w.person_id = ${intoId}::uuid and w.researcher_id is null and r.person_id = ${fromId}::uuid
        and r.kind = w.kind and lower(r.external_id) = lower(w.external_id)
      returning w.*, r.id as record_item_id),
    theirs as (
      select d.*, r.removal is distinct from 'person' and r.state <> 'deleted_by_person' and (r.removal is not null
        or (r.title, r.department, r.start_on, r.end_on, r.url)
          is distinct from (d.title, d.department, d.start_on, d.end_on, d.url)) as is_new
      from doubled d join affiliation r on r.id = d.record_item_id where d.state = 'waiting_for_person')
    update affiliation r set misplaced = false, changed_at = ${toSqlTime(madeAt)},
      title = case when t.is_new then t.title else r.title end,
      department = case when t.is_new then t.department else r.department end,
      start_on = case when t.is_new then t.start_on else r.start_on end,
      end_on = case when t.is_new then t.end_on else r.end_on end,
      url = case when t.is_new then t.url else r.url end,
      revision = case when t.is_new then r.revision + 1 else r.revision end,
      removal = case when t.is_new then null else r.removal end,
      state = case when t.is_new then 'to_be_confirmed' else r.state end
    from theirs t where r.id = t.record_item_id`
  await tx.$executeRaw`update affiliation set person_id = ${intoId}::uuid where person_id = ${fromId}::uuid`
}

type Separation = {
  personId: string
  researcherId: string
  ownPersonId: string
  /** When the binding was made that has ended. */
  madeAt: Date
  by: 'person' | 'staff'
}

/**
 * Separates the items of a person from the record of a researcher who is not that person. What is on the record stays
 * with the researcher, who can have it removed; what ORCID may be receiving right now is removed again. The person keeps
 * everything to be written, and waits. What the researcher had before the binding stays as it is. Returns how many items
 * were stopped.
 */
export async function separateItems(tx: Tx, separation: Separation): Promise<number> {
  const { personId, researcherId, ownPersonId, madeAt, by } = separation
  const theirs = Prisma.sql`person_id = ${personId}::uuid and researcher_id = ${researcherId}::uuid`
  await tx.$executeRaw`
    update affiliation set person_id = ${ownPersonId}::uuid where ${theirs} and changed_at < ${toSqlTime(madeAt)}`
  const items = await queryRows(
    tx,
    z.object({ id: z.string(), state: z.string(), removal: z.string().nullable() }),
    Prisma.sql`select id::text, state::text, removal::text from affiliation where ${theirs} order by id for update`,
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
      update affiliation set person_id = ${ownPersonId}::uuid, misplaced = true, next_try_at = now(),
        removal = case when put_code is null then coalesce(removal, ${by}::affiliation_removal) else removal end,
        revision = case when put_code is null then revision + 1 else revision end,
        written_revision = case when put_code is null then null else coalesce(written_revision, revision) end,
        state = (case when put_code is null then 'deleting'
          when removal is null and state <> 'deleted_by_person' then 'in_orcid' else state::text end)::affiliation_state
      where ${theirs} returning *)
    insert into affiliation (person_id, kind, external_id, title, department, start_on, end_on, url, origin, state)
    select ${personId}::uuid, kind, external_id, title, department, start_on, end_on, url, origin, 'waiting_for_person'
    from moved where id = any(${kept}::uuid[])`
  return items.filter(({ state, removal }) => removal === null && !settled.includes(state)).length
}

const settled: readonly string[] = ['in_orcid', 'deleted_by_person', 'deleted']
