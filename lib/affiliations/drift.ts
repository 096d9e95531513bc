import 'server-only'
import { z } from 'zod'
import { system } from '@/lib/actor'
import {
  type AffiliationKind,
  checkAfterDays,
  coveringScopes,
  itemFields,
  sectionOf,
} from '@/lib/affiliations/affiliation'
import { parseItems, type RecordItem, says } from '@/lib/affiliations/body'
import { enqueueWriting } from '@/lib/affiliations/claim'
import { recordEvent } from '@/lib/audit/commands'
import { callOrcid } from '@/lib/calls/commands'
import { db, inTransaction, Prisma, queryRows, type Tx } from '@/lib/db'
import { findLiveToken } from '@/lib/grants/queries'
import { enqueueCheckAfterRefusal } from '@/lib/grants/refusal'
import { enqueueJob, enqueueJobs } from '@/lib/jobs/queue'
import type { ApiOutcome } from '@/lib/orcid/api'
import { writeScopes } from '@/lib/orcid/scopes'

type RecordPresence = RecordItem | 'gone' | 'hidden' | 'unknown'
type LiveToken = { grantId: string; token: string }
type Compared = Prisma.AffiliationGetPayload<{ select: typeof itemFields }> & { researcherId: string }

/** Enqueues a comparison of a person's items with their record, if they have items there. */
export async function enqueueDriftCheck(tx: Tx, researcherId: string): Promise<void> {
  const where = { researcherId, state: 'in_orcid' } as const
  if (!(await tx.affiliation.findFirst({ where, select: { id: true } }))) return
  await enqueueJob(tx, 'check-affiliations', { payload: { researcherId }, key: `check-affiliations:${researcherId}` })
}

/** The rest follows an hour later. */
const peoplePerRun = 500

/** Enqueues due comparisons in random order: otherwise people who cannot be compared would always come first. */
export function enqueueDueDriftChecks(): Promise<void> {
  return inTransaction(async (tx) => {
    const due = await queryRows(
      tx,
      z.object({ id: z.string() }),
      Prisma.sql`
      select researcher_id::text as id from affiliation a
      where state = 'in_orcid' and exists (
          select 1 from "grant" g where g.researcher_id = a.researcher_id and g.state = 'live'
            and g.sealed_access_token is not null and not exists (
              select from person p where p.researcher_id = g.researcher_id and p.state = 'paused') and g.scopes && ${coveringScopes.create}::text[]
            and g.scopes && ${coveringScopes.update}::text[])
        and coalesce(checked_at, written_at, added_at) < now() - make_interval(days => ${checkAfterDays})
      group by researcher_id order by random() limit ${peoplePerRun}`,
    )
    const jobs = due.map(({ id }) => ({ payload: { researcherId: id }, key: `check-affiliations:${id}` }))
    await enqueueJobs(tx, 'check-affiliations', jobs)
  })
}

/**
 * Compares a person's items with their record. The person deleted a missing item, so it is not written again; a
 * changed item is updated. Without a permission or an answer nothing changes.
 */
export async function checkAffiliations(researcherId: string): Promise<void> {
  const found = await db().affiliation.findMany({
    where: { researcherId, state: 'in_orcid' },
    select: { ...itemFields, researcher: { select: { orcid: true } } },
  })
  const items = found.map((item) => ({ ...item, researcherId }))
  const orcid = found[0]?.researcher?.orcid
  const liveToken = orcid && (await findLiveToken(system, researcherId, [...writeScopes]))
  if (!liveToken) return
  for (const kind of new Set(items.map((item) => item.kind))) {
    const onRecord = await listOnRecord(orcid, researcherId, kind, liveToken)
    if (!onRecord) return
    for (const item of items.filter((one) => one.kind === kind)) {
      const listed = onRecord.find(({ putCode }) => putCode === item.putCode)
      await compare(item, listed ?? (await readItem(item, orcid, liveToken)))
    }
  }
}

/**
 * Reads an item that is not in the list. The list silently omits items that the token cannot see, such as a private
 * one written with a former client id. Only a read of the item itself shows that it is gone.
 */
async function readItem(
  { kind, putCode, researcherId }: Compared,
  orcid: string,
  liveToken: LiveToken,
): Promise<RecordPresence> {
  const answer = await read(`/${orcid}/${sectionOf(kind)}/${putCode}`, researcherId, liveToken)
  if (answer.kind === 'not_found') return 'gone'
  const isThere = answer.kind === 'ok' || answer.kind === 'insufficient_scope' || answer.kind === 'invalid'
  return isThere ? 'hidden' : 'unknown'
}

async function listOnRecord(
  orcid: string,
  researcherId: string,
  kind: AffiliationKind,
  liveToken: LiveToken,
): Promise<RecordItem[] | null> {
  const answer = await read(`/${orcid}/${sectionOf(kind)}s`, researcherId, liveToken)
  return answer.kind === 'ok' ? parseItems(orcid, kind, answer.body) : null
}

async function read(path: string, researcherId: string, { grantId, token }: LiveToken): Promise<ApiOutcome> {
  const answer = await callOrcid(system, { method: 'GET', path, token, researcherId, purpose: 'affiliation' })
  await inTransaction((tx) => enqueueCheckAfterRefusal(tx, grantId, answer))
  return answer
}

async function compare(item: Compared, presence: RecordPresence): Promise<void> {
  if (presence === 'unknown') return
  const { id, researcherId, kind, revision, putCode, misplaced } = item
  const checkedAt = new Date()
  // A decision or a write since the list was read takes precedence.
  const unchanged = { id, revision, putCode, state: 'in_orcid', claimId: null } as const
  await inTransaction(async (tx) => {
    const data: Prisma.AffiliationUpdateManyMutationInput =
      presence === 'gone'
        ? { checkedAt, state: 'deleted_by_person' }
        : presence === 'hidden' || misplaced || says(presence, item)
          ? { checkedAt }
          : { checkedAt, state: 'updating', writtenRevision: null, nextTryAt: checkedAt }
    const { count } = await tx.affiliation.updateMany({ where: unchanged, data })
    if (count === 0 || !data.state) return
    const detail = { affiliationId: id, kind }
    const gone = { action: 'affiliation.deleted_by_person', researcherId, detail } as const
    const other = { action: 'affiliation.drifted', researcherId, detail } as const
    await recordEvent(tx, system, presence === 'gone' ? gone : other)
    if (presence !== 'gone') await enqueueWriting(tx, [id])
  })
}
