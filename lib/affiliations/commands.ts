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
  const added = await tx.affiliation.createManyAndReturn({
    data: rows.flatMap(({ existing, personId, researcherId, entry, waitsFor }) =>
      existing ? [] : [{ ...entry.item, personId, researcherId, origin, state: newStateOf(waitsFor) }],
    ),
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
  for (const row of rows) if (await changeRow(tx, actor, row, requestId)) changed.push(row.existing?.id ?? '')
  await enqueueWriting(tx, [...added.map(({ id }) => id), ...changed])
  return added.length + changed.length
}

async function changeRow(tx: Tx, actor: StaffActor, row: JudgedRow, requestId: string): Promise<boolean> {
  const { existing, researcherId, entry, waitsFor } = row
  if (!existing) return false
  const { kind, externalId: _externalId, ...content } = entry.item
  const { count } = await tx.affiliation.updateMany({
    where: { id: existing.id, revision: existing.revision, state: { not: 'deleted_by_person' } },
    data: {
      ...content,
      ...newRevision(existing.putCode === null ? newStateOf(waitsFor) : 'updating'),
      removal: null,
    },
  })
  if (count === 0) return false
  const detail = { affiliationId: existing.id, kind }
  await recordEvent(tx, actor, { action: 'affiliation.changed', researcherId, requestId, detail })
  return true
}

const newStateOf = (waitsFor: JudgedRow['waitsFor']) =>
  waitsFor === 'person' ? 'waiting_for_person' : waitsFor === 'confirmation' ? 'to_be_confirmed' : 'pending'

const newRevision = (state: AffiliationState) => {
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
    where not p.conflict and p.state <> 'paused' and (a.state::text = any(${[...openStates]}::text[])
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
  await tx.$executeRaw`delete from affiliation_draft where strpos(content::text, ${researcher.orcid}) > 0`
}
