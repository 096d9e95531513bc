import 'server-only'
import { z } from 'zod'
import type { Actor, ResearcherActor, StaffActor } from '@/lib/actor'
import {
  type AffiliationItem,
  type AffiliationOrigin,
  type AffiliationState,
  coveringScopes,
  heldStates,
  itemKinds,
  openStates,
} from '@/lib/affiliations/affiliation'
import { enqueueWriting, isStopped } from '@/lib/affiliations/claim'
import { saveConfirmation } from '@/lib/affiliations/confirmation'
import { findPreview, type JudgedRow } from '@/lib/affiliations/drafts'
import { findOrganisation } from '@/lib/affiliations/organisation'
import { recordEvent, recordEvents } from '@/lib/audit/commands'
import { inTransaction, Prisma, queryRows, type Tx } from '@/lib/db'
import { enqueueJob } from '@/lib/jobs/queue'
import { isProven } from '@/lib/people/person'

/** Numbers of rows. */
export type Applied = { written: number; unchanged: number; leftOut: number }

/** Saves the actor's own draft and enqueues its writing. Idempotent; null if the draft is gone. */
export async function applyDraft(actor: StaffActor, id: string, requestId: string): Promise<Applied | null> {
  const preview = await findPreview(actor, id)
  if (!preview) return null
  const toWrite = preview.good.filter(({ verdict }) => verdict !== 'unchanged')
  const written = await inTransaction(async (tx) => {
    const saved = await saveRows(tx, actor, toWrite, { origin: 'entered', requestId })
    await tx.affiliationDraft.updateMany({ where: { id, appliedAt: null }, data: { appliedAt: new Date() } })
    return saved.length
  })
  const unchanged = preview.good.length - toWrite.length
  return { written, unchanged, leftOut: preview.obstructed.length + preview.faulty.length }
}

/**
 * `systemId`: the system that adds items. `later`: of many, the writing is left to the next run of `resumeWriting`.
 * `asks`: works wait until the person has said that they may be added.
 */
type Context = { origin: AffiliationOrigin; systemId?: string; requestId: string; later?: boolean; asks?: boolean }

/** An item to add, or to change where there is one. */
export type SavableRow = Pick<JudgedRow, 'personId' | 'existing'> & { entry: { item: AffiliationItem } }

export type SavedItem = z.infer<typeof savedItem>

/**
 * Saves judged rows, each with its event, and enqueues their writing. Returns the items that were saved: none for a row
 * that somebody else was faster to add or to change.
 */
export async function saveRows(
  tx: Tx,
  actor: Actor,
  rows: readonly SavableRow[],
  { origin, systemId, requestId, later = false, asks = true }: Context,
): Promise<SavedItem[]> {
  const records = await lockRecords(tx, rows)
  const added = await addItems(tx, rows, { records, origin, systemId, asks })
  const changed = await changeItems(tx, rows, { records, asks })
  const saved = [...added, ...changed]
  const by = actor.kind === 'api' ? actor : null
  await recordEvents(
    tx,
    actor,
    saved.map(({ id, researcherId, kind }, index) => ({
      action: index < added.length ? 'affiliation.added' : 'affiliation.changed',
      researcherId,
      requestId,
      detail: { affiliationId: id, kind, systemId: by?.systemId, system: by?.name },
    })),
  )
  // What waits for its person has nothing to write.
  const due = saved.filter(({ personId }) => records.get(personId)?.state === 'pending')
  if (!later) {
    await enqueueWriting(
      tx,
      due.map(({ id }) => id),
    )
  }
  return saved
}

type PersonRecord = { researcherId: string | null; state: AffiliationState }
type Records = { records: ReadonlyMap<string, PersonRecord> }

/** For whose record each person’s items are now, and the state of new ones. Nobody is bound or unbound meanwhile. */
async function lockRecords(tx: Tx, rows: readonly SavableRow[]): Promise<Map<string, PersonRecord>> {
  const ids = rows.map(({ personId }) => personId)
  await tx.$queryRaw`select 1 from person where id = any(${ids}::uuid[]) order by id for share`
  const people = await tx.person.findMany({
    where: { id: { in: ids } },
    select: {
      id: true,
      researcherId: true,
      bindings: { where: { endedAt: null }, select: { proof: true, mustAsk: true, confirmedAt: true } },
    },
  })
  return new Map(
    people.map(({ id, researcherId, bindings }) => {
      const state = !researcherId ? 'waiting_for_person' : bindings.some(isProven) ? 'pending' : 'to_be_confirmed'
      return [id, { researcherId, state }]
    }),
  )
}

const savedItem = z.object({
  id: z.string(),
  personId: z.string(),
  researcherId: z.string().nullable(),
  kind: z.enum(itemKinds),
  externalId: z.string(),
})

/** Adds what is not there. Two staff members may add the same at once. */
async function addItems(
  tx: Tx,
  rows: readonly SavableRow[],
  { records, origin, systemId, asks }: Pick<Context, 'origin' | 'systemId' | 'asks'> & Records,
): Promise<SavedItem[]> {
  const given = rows.flatMap(({ existing, personId, entry: { item } }) => {
    const record = records.get(personId)
    if (existing || !record) return []
    const { kind, externalId, title, department, startOn, endOn, url, work } = item
    const content = { kind, external_id: externalId, title, department, start_on: startOn, end_on: endOn, url, work }
    return [{ person_id: personId, record_id: record.researcherId, state: record.state, ...content }]
  })
  if (given.length === 0) return []
  return queryRows(
    tx,
    savedItem,
    Prisma.sql`
      insert into affiliation (person_id, researcher_id, kind, external_id, title, department, start_on, end_on, url, work, asks,
        origin, system_id, state)
      select person_id, record_id, kind::affiliation_kind, external_id, title, department, start_on, end_on, url,
        work, kind = 'work' and ${asks}, ${origin}::affiliation_origin, ${systemId ?? null}::uuid, state::affiliation_state
      from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as given (person_id uuid, record_id uuid, kind text,
        external_id text, title text, department text, start_on text, end_on text, url text, work jsonb, state text)
      on conflict do nothing
      returning id::text, person_id::text as "personId", researcher_id::text as "researcherId", kind::text,
        external_id as "externalId"`,
  )
}

/** Gives existing items their new words as a new revision, unless they have another one than was judged. */
async function changeItems(
  tx: Tx,
  rows: readonly SavableRow[],
  { records, asks }: Pick<Context, 'asks'> & Records,
): Promise<SavedItem[]> {
  const given = rows.flatMap(({ existing, personId, entry: { item } }) => {
    const record = records.get(personId)
    if (!existing || !record) return []
    const { title, department, startOn, endOn, url, work } = item
    const content = { title, department, start_on: startOn, end_on: endOn, url, work }
    return [
      { id: existing.id, revision: existing.revision, ...content, record_id: record.researcherId, state: record.state },
    ]
  })
  if (given.length === 0) return []
  return queryRows(
    tx,
    savedItem,
    Prisma.sql`
      update affiliation a set title = given.title, department = given.department, start_on = given.start_on,
        end_on = given.end_on, url = given.url, work = given.work,
        asks = case when a.put_code is null then a.kind = 'work' and ${asks} else a.asks end, researcher_id = given.record_id, removal = null, misplaced = false,
        state = (case when given.state = 'pending' and a.put_code is not null then 'updating' else given.state end)::affiliation_state,
        revision = a.revision + 1, changed_at = now(), next_try_at = now(), tries = 0, reason = null
      from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as given (id uuid, revision int, title text,
        department text, start_on text, end_on text, url text, work jsonb, record_id uuid, state text)
      where a.id = given.id and a.revision = given.revision and a.state <> 'deleted_by_person'
      returning a.id::text, a.person_id::text as "personId", a.researcher_id::text as "researcherId", a.kind::text,
        a.external_id as "externalId"`,
  )
}

/** What a decision about an item sets, besides what was decided. */
export const newRevision = (state: AffiliationState, now = new Date()) => ({
  state,
  revision: { increment: 1 },
  changedAt: now,
  nextTryAt: now,
  tries: 0,
  reason: null,
})

/** Requests deletion at ORCID for the institution. False if there is nothing to delete. */
export function removeAffiliation(actor: StaffActor, id: string, requestId: string): Promise<boolean> {
  return inTransaction(async (tx) => (await removeItems(tx, actor, [id], { requestId })).length > 0)
}

/** As `removeAffiliation`, for several. Returns the items of which there was something to delete. */
export function removeItems(
  tx: Tx,
  actor: Actor,
  ids: readonly string[],
  { requestId, later = false }: Omit<Context, 'origin'>,
): Promise<string[]> {
  return remove(tx, actor, { where: { id: { in: [...ids] }, removal: null }, removal: 'staff', requestId, later })
}

/** Requests deletion of the actor's own item; Concord never writes it again. */
export function removeMyAffiliation(actor: ResearcherActor, id: string, requestId: string): Promise<boolean> {
  // The person decides: they may block an item for ever that staff have already deleted.
  const where = { id, researcherId: actor.researcherId, OR: [{ removal: null }, { removal: 'staff' as const }] }
  return inTransaction(async (tx) => (await remove(tx, actor, { where, removal: 'person', requestId })).length > 0)
}

type Removal = Omit<Context, 'origin'> & { where: Prisma.AffiliationWhereInput; removal: 'staff' | 'person' }

async function remove(tx: Tx, actor: Actor, { where, removal, requestId, later }: Removal): Promise<string[]> {
  const items = await tx.affiliation.updateManyAndReturn({
    where: { ...where, state: { not: 'deleted_by_person' } },
    data: { ...newRevision('deleting'), removal },
    select: { id: true, researcherId: true, kind: true },
  })
  const ids = items.map(({ id }) => id)
  // No record has what waited for the person.
  await tx.affiliation.updateMany({ where: { id: { in: ids }, researcherId: null }, data: { state: 'deleted' } })
  const by = actor.kind === 'api' ? actor : null
  await recordEvents(
    tx,
    actor,
    items.map(({ id, researcherId, kind }) => ({
      action: 'affiliation.removal_asked',
      researcherId,
      requestId,
      detail: { affiliationId: id, kind, systemId: by?.systemId, system: by?.name },
    })),
  )
  if (!later) await enqueueWriting(tx, ids)
  return ids
}

/** Retries an item that ORCID refused or that waits. False if there is none. */
export function retryAffiliation(actor: StaffActor, id: string, requestId: string): Promise<boolean> {
  return inTransaction(async (tx) => {
    const [item] = await queryRows(
      tx,
      z.object({ researcherId: z.string().nullable(), kind: z.enum(itemKinds) }),
      Prisma.sql`
      update affiliation set next_try_at = now(), tries = 0,
        state = (case when removal is not null then 'deleting' when put_code is null then 'pending' else 'updating' end)::affiliation_state
      where id = ${id}::uuid and state in ('refused', 'no_permission', 'no_token', 'person_withdrew', 'waiting_for_orcid')
      returning researcher_id::text as "researcherId", kind::text`,
    )
    if (!item) return false
    const { researcherId, kind } = item
    const detail = { affiliationId: id, kind }
    await recordEvent(tx, actor, { action: 'affiliation.retry_asked', researcherId, requestId, detail })
    await enqueueWriting(tx, [id])
    return true
  })
}

/**
 * Records that an administrator has seen the body of one item. Concord then writes all items until the institution's
 * description changes. False without such an item or without a full description.
 */
export function confirmWriting(actor: StaffActor, id: string, requestId: string): Promise<boolean> {
  return inTransaction(async (tx) => {
    const item = await tx.affiliation.findUnique({ where: { id } })
    const organisation = findOrganisation()
    if (!item || !organisation) return false
    if (!(await saveConfirmation(tx, actor, item, organisation))) return true
    await recordEvent(tx, actor, { action: 'writing.confirmed', requestId })
    await tx.$executeRaw`update affiliation set next_try_at = now() where state in ('pending', 'updating')`
    await enqueueDue(tx)
    return true
  })
}

const resumedPerRun = 1_000

/** Lets the writing of many items begin at once. */
export const enqueueResuming = (tx: Tx): Promise<void> =>
  enqueueJob(tx, 'resume-affiliations', { key: 'resume-affiliations' })

/** Enqueues due items without a job: after a crash, an outage, a confirmation, or a new permission. */
export function resumeWriting(): Promise<void> {
  return inTransaction(enqueueDue)
}

async function enqueueDue(tx: Tx): Promise<void> {
  const due = await queryRows(
    tx,
    z.object({ id: z.string() }),
    Prisma.sql`
    select a.id::text from affiliation a join researcher r on r.id = a.researcher_id join person p on p.id = a.person_id
    where (a.removal = 'person' or not p.conflict and p.state <> 'paused')
      and a.id not in (select id from affiliation where system_id is not null and ${isStopped()}) and (a.state::text = any(${[...openStates]}::text[])
        or (a.state::text = any(${[...heldStates]}::text[])
          and r.live_scopes && ${coveringScopes.create}::text[] and r.live_scopes && ${coveringScopes.update}::text[]))
      and a.next_try_at <= now() and (a.claimed_until is null or a.claimed_until < now())
      and not exists (
        select 1 from graphile_worker.jobs j
        where j.key = 'write-affiliation:' || a.id and j.locked_at is null and j.attempts < j.max_attempts)
    order by a.next_try_at limit ${resumedPerRun}`,
  )
  await enqueueWriting(
    tx,
    due.map(({ id }) => id),
  )
}
