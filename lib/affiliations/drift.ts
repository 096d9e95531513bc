import 'server-only'
import { system } from '@/lib/actor'
import {
  type AffiliationKind,
  checkAfterDays,
  coveringScopes,
  itemFields,
  sectionOf,
  writeScopes,
} from '@/lib/affiliations/affiliation'
import { parseItems, type RecordItem, says } from '@/lib/affiliations/body'
import { enqueueWriting } from '@/lib/affiliations/claim'
import { recordEvent } from '@/lib/audit/commands'
import { callOrcid } from '@/lib/calls/commands'
import { db, inTransaction, type Prisma, type Tx } from '@/lib/db'
import { findLiveToken } from '@/lib/grants/queries'
import { requestCheckAfter } from '@/lib/grants/refusal'
import { enqueueJob, enqueueJobs } from '@/lib/jobs/queue'
import type { ApiOutcome } from '@/lib/orcid/api'

type Whereabouts = RecordItem | 'gone' | 'hidden' | 'unknown'
type Found = { grantId: string; token: string }
type Compared = Prisma.AffiliationGetPayload<{ select: typeof itemFields }>

/**
 * Enqueues a comparison of what we wrote with somebody's record, where there is something to compare, in the transaction
 * that wants it: once their permission was found to be good.
 */
export async function enqueueDriftCheck(tx: Tx, researcherId: string): Promise<void> {
  const where = { researcherId, state: 'in_orcid' } as const
  if (!(await tx.affiliation.findFirst({ where, select: { id: true } }))) return
  await enqueueJob(tx, 'check-affiliations', { payload: { researcherId }, key: `check-affiliations:${researcherId}` })
}

/** People whose items are looked at in one go; the rest has its turn an hour later. */
const peopleAtOnce = 500

/**
 * Enqueues the comparison for people whose items were not compared for a week. Drawn at random: those who cannot be
 * compared would otherwise be at the front for ever and keep the others from their turn.
 */
export function enqueueDueDriftChecks(): Promise<void> {
  return inTransaction(async (tx) => {
    const due = await tx.$queryRaw<{ id: string }[]>`
      select researcher_id::text as id from affiliation a
      where state = 'in_orcid' and exists (
          select 1 from "grant" g where g.researcher_id = a.researcher_id and g.state = 'live'
            and g.sealed_access_token is not null and g.scopes && ${coveringScopes.create}::text[]
            and g.scopes && ${coveringScopes.update}::text[])
        and coalesce(checked_at, written_at, added_at) < now() - make_interval(days => ${checkAfterDays})
      group by researcher_id order by random() limit ${peopleAtOnce}`
    const jobs = due.map(({ id }) => ({ payload: { researcherId: id }, key: `check-affiliations:${id}` }))
    await enqueueJobs(tx, 'check-affiliations', jobs)
  })
}

/**
 * Compares what we wrote for somebody with what is on their record. What is gone was deleted by the person, and is not
 * written again; what says something else is brought up to date. Without a permission or an answer nothing changes.
 */
export async function checkAffiliations(researcherId: string): Promise<void> {
  const items = await db().affiliation.findMany({
    where: { researcherId, state: 'in_orcid' },
    select: { ...itemFields, researcher: { select: { orcid: true } } },
  })
  const [first] = items
  const found = first && (await findLiveToken(system, researcherId, [...writeScopes]))
  if (!found) return
  for (const kind of new Set(items.map((item) => item.kind))) {
    const onRecord = await listOnRecord(first.researcher.orcid, researcherId, kind, found)
    if (!onRecord) return
    for (const item of items.filter((one) => one.kind === kind)) {
      const onIt = onRecord.find(({ putCode }) => putCode === item.putCode)
      await compare(item, onIt ?? (await askAfter(item, first.researcher.orcid, found)))
    }
  }
}

/**
 * Where an item is that the list leaves out. The list does so silently with what a token may not see, such as a private
 * item that was written with a former client id; only when ORCID is asked for the item itself it says that it is gone.
 */
async function askAfter({ kind, putCode, researcherId }: Compared, orcid: string, found: Found): Promise<Whereabouts> {
  const answer = await read(`/${orcid}/${sectionOf(kind)}/${putCode}`, researcherId, found)
  if (answer.kind === 'not_found') return 'gone'
  const isThere = answer.kind === 'ok' || answer.kind === 'insufficient_scope' || answer.kind === 'invalid'
  return isThere ? 'hidden' : 'unknown'
}

async function listOnRecord(
  orcid: string,
  researcherId: string,
  kind: AffiliationKind,
  found: Found,
): Promise<RecordItem[] | null> {
  const answer = await read(`/${orcid}/${sectionOf(kind)}s`, researcherId, found)
  return answer.kind === 'ok' ? parseItems(kind, answer.body) : null
}

async function read(path: string, researcherId: string, { grantId, token }: Found): Promise<ApiOutcome> {
  const answer = await callOrcid(system, { method: 'GET', path, token, researcherId, purpose: 'affiliation' })
  await inTransaction((tx) => requestCheckAfter(tx, grantId, answer))
  return answer
}

async function compare(item: Compared, found: Whereabouts): Promise<void> {
  if (found === 'unknown') return
  const { id, researcherId, kind, revision, putCode } = item
  const checkedAt = new Date()
  // Whatever was decided or written since the list was read has the last word.
  const unchanged = { id, revision, putCode, state: 'in_orcid', claimId: null } as const
  await inTransaction(async (tx) => {
    const data: Prisma.AffiliationUpdateManyMutationInput =
      found === 'gone'
        ? { checkedAt, state: 'deleted_by_person' }
        : found === 'hidden' || says(found, item)
          ? { checkedAt }
          : { checkedAt, state: 'updating', writtenRevision: null, nextTryAt: checkedAt }
    const { count } = await tx.affiliation.updateMany({ where: unchanged, data })
    if (count === 0 || !data.state) return
    const detail = { affiliationId: id, kind }
    const gone = { action: 'affiliation.deleted_by_person', researcherId, detail } as const
    const other = { action: 'affiliation.drifted', researcherId, detail } as const
    await recordEvent(tx, system, found === 'gone' ? gone : other)
    if (found !== 'gone') await enqueueWriting(tx, [id])
  })
}
