import 'server-only'
import type { Actor, ResearcherActor, StaffActor } from '@/lib/actor'
import {
  type AffiliationKind,
  type AffiliationState,
  coveringScopes,
  heldStates,
  openStates,
} from '@/lib/affiliations/affiliation'
import { enqueueWriting } from '@/lib/affiliations/claim'
import { saveConfirmation } from '@/lib/affiliations/confirmation'
import { findPreview, type JudgedRow } from '@/lib/affiliations/drafts'
import { findOrganisation } from '@/lib/affiliations/organisation'
import { recordEvent, recordEvents } from '@/lib/audit/commands'
import { inTransaction, type Tx } from '@/lib/db'
import { isProven } from '@/lib/people/person'

const rowsPerBatch = 200

/** Numbers of rows. */
export type Applied = { origin: 'entered' | 'imported'; written: number; unchanged: number; leftOut: number }

/** Saves the good rows of the actor's own draft and enqueues a job for each. Idempotent; null if the draft is gone. */
export async function applyDraft(actor: StaffActor, id: string, requestId: string): Promise<Applied | null> {
  const preview = await findPreview(actor, id)
  if (!preview) return null
  const { origin } = preview
  const toWrite = preview.good.filter(({ verdict }) => verdict !== 'unchanged')
  let written = 0
  for (let from = 0; from < toWrite.length; from += rowsPerBatch) {
    const rows = toWrite.slice(from, from + rowsPerBatch)
    written += await inTransaction((tx) => saveRows(tx, actor, rows, { origin, requestId }))
  }
  await inTransaction(async (tx) => {
    const draft = { id, appliedAt: null }
    const { count } = await tx.affiliationDraft.updateMany({ where: draft, data: { appliedAt: new Date() } })
    if (count === 0 || origin === 'entered') return
    await recordEvent(tx, actor, { action: 'affiliations.imported', requestId, detail: { rows: written } })
  })
  const unchanged = preview.good.length - toWrite.length
  return { origin, written, unchanged, leftOut: preview.obstructed.length + preview.faulty.length }
}

type Context = { origin: 'entered' | 'imported'; requestId: string }

/** Saves judged rows, each with its event, and enqueues their writing. Returns how many were saved. */
export async function saveRows(
  tx: Tx,
  actor: StaffActor,
  rows: readonly JudgedRow[],
  context: Context,
): Promise<number> {
  const { origin, requestId } = context
  const records = await lockRecords(tx, rows)
  const added = await tx.affiliation.createManyAndReturn({
    data: rows.flatMap(({ existing, personId, entry }) => {
      const record = records.get(personId)
      return existing || !record ? [] : [{ ...entry.item, personId, origin, ...record }]
    }),
    // Two staff members may apply the same rows at once.
    skipDuplicates: true,
    select: { id: true, researcherId: true, kind: true },
  })
  await recordEvents(
    tx,
    actor,
    added.map(({ id, researcherId, kind }) => ({
      action: 'affiliation.added',
      researcherId,
      requestId,
      detail: { affiliationId: id, kind },
    })),
  )
  const changed: string[] = []
  for (const row of rows) {
    const record = records.get(row.personId)
    if (record && (await changeRow(tx, actor, row, record, requestId))) changed.push(row.existing?.id ?? '')
  }
  await enqueueWriting(tx, [...added.map(({ id }) => id), ...changed])
  return added.length + changed.length
}

type PersonRecord = { researcherId: string | null; state: AffiliationState }

/** For whose record each person’s items are now, and the state of new ones. Nobody is bound or unbound meanwhile. */
async function lockRecords(tx: Tx, rows: readonly JudgedRow[]): Promise<Map<string, PersonRecord>> {
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

async function changeRow(
  tx: Tx,
  actor: StaffActor,
  { existing, entry }: JudgedRow,
  { researcherId, state }: PersonRecord,
  requestId: string,
): Promise<boolean> {
  if (!existing) return false
  const { kind, externalId: _externalId, ...content } = entry.item
  const { count } = await tx.affiliation.updateMany({
    where: { id: existing.id, revision: existing.revision, state: { not: 'deleted_by_person' } },
    data: {
      ...content,
      ...newRevision(state === 'pending' && existing.putCode !== null ? 'updating' : state),
      researcherId,
      removal: null,
      misplaced: false,
    },
  })
  if (count === 0) return false
  const detail = { affiliationId: existing.id, kind }
  await recordEvent(tx, actor, { action: 'affiliation.changed', researcherId, requestId, detail })
  return true
}

/** What a decision about an item sets, besides what was decided. */
export const newRevision = (state: AffiliationState) => {
  const now = new Date()
  return { state, revision: { increment: 1 }, changedAt: now, nextTryAt: now, tries: 0, reason: null }
}

/** Requests deletion at ORCID for the institution. False if there is nothing to delete. */
export function removeAffiliation(actor: StaffActor, id: string, requestId: string): Promise<boolean> {
  return remove(actor, { id }, 'staff', requestId)
}

/** Requests deletion of the actor's own item; Concord never writes it again. */
export function removeMyAffiliation(actor: ResearcherActor, id: string, requestId: string): Promise<boolean> {
  return remove(actor, { id, researcherId: actor.researcherId }, 'person', requestId)
}

function remove(
  actor: Actor,
  which: { id: string; researcherId?: string },
  removal: 'staff' | 'person',
  requestId: string,
): Promise<boolean> {
  // The person decides: they may block an item for ever that staff have already deleted.
  const removable = removal === 'staff' ? { removal: null } : { OR: [{ removal: null }, { removal: 'staff' as const }] }
  return inTransaction(async (tx) => {
    const [item] = await tx.affiliation.updateManyAndReturn({
      where: { ...which, ...removable, state: { not: 'deleted_by_person' } },
      data: { ...newRevision('deleting'), removal },
      select: { id: true, researcherId: true, kind: true },
    })
    if (!item) return false
    const detail = { affiliationId: item.id, kind: item.kind }
    const event = { action: 'affiliation.removal_asked', researcherId: item.researcherId, requestId, detail } as const
    await recordEvent(tx, actor, event)
    await enqueueWriting(tx, [item.id])
    return true
  })
}

/** Retries an item that ORCID refused or that waits. False if there is none. */
export function retryAffiliation(actor: StaffActor, id: string, requestId: string): Promise<boolean> {
  return inTransaction(async (tx) => {
    const [item] = await tx.$queryRaw<{ researcherId: string | null; kind: AffiliationKind }[]>`
      update affiliation set next_try_at = now(), tries = 0,
        state = (case when removal is not null then 'deleting' when put_code is null then 'pending' else 'updating' end)::affiliation_state
      where id = ${id}::uuid and state in ('refused', 'no_permission', 'no_token', 'person_withdrew', 'waiting_for_orcid')
      returning researcher_id::text as "researcherId", kind::text`
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

/** Enqueues due items without a job: after a crash, an outage, a confirmation, or a new permission. */
export function resumeWriting(): Promise<void> {
  return inTransaction(enqueueDue)
}

async function enqueueDue(tx: Tx): Promise<void> {
  const due = await tx.$queryRaw<{ id: string }[]>`
    select a.id::text from affiliation a join researcher r on r.id = a.researcher_id join person p on p.id = a.person_id
    where (a.removal = 'person' or not p.conflict and p.state <> 'paused') and (a.state::text = any(${[...openStates]}::text[])
        or (a.state::text = any(${[...heldStates]}::text[])
          and r.live_scopes && ${coveringScopes.create}::text[] and r.live_scopes && ${coveringScopes.update}::text[]))
      and a.next_try_at <= now() and (a.claimed_until is null or a.claimed_until < now())
      and not exists (
        select 1 from graphile_worker.jobs j
        where j.key = 'write-affiliation:' || a.id and j.locked_at is null and j.attempts < j.max_attempts)
    order by a.next_try_at limit ${resumedPerRun}`
  await enqueueWriting(
    tx,
    due.map(({ id }) => id),
  )
}

/** Deletes the items and drafts of a researcher who is being erased. Their ORCID record keeps its items. */
export async function eraseAffiliations(tx: Tx, researcher: { id: string; orcid: string }): Promise<void> {
  await tx.affiliation.deleteMany({ where: { researcherId: researcher.id } })
  await tx.$executeRaw`
    delete from affiliation_draft where strpos(content::text, ${researcher.orcid}) > 0
      or strpos(content::text, (select id::text from person where researcher_id = ${researcher.id}::uuid)) > 0`
}
