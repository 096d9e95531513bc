import 'server-only'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { claimS, heldStates, itemFields, openStates } from '@/lib/affiliations/affiliation'
import { toDay } from '@/lib/config/day'
import { db, inTransaction, Prisma, queryRows, type Tx } from '@/lib/db'
import { enqueueJobs } from '@/lib/jobs/queue'

/** SQL on the table `affiliation`: to be written for a system that the person, or staff, have stopped, or that has expired. */
export const isStopped = () => Prisma.sql`(affiliation.removal is null and (
  exists (select from system_stop x
    where x.system_id = affiliation.system_id and x.researcher_id = affiliation.researcher_id)
  or exists (select from system s where s.id = affiliation.system_id
    and (s.stopped_at is not null or s.expires_on < ${toDay(new Date())}::date))))`

const claimedFields = {
  ...itemFields,
  state: true,
  removal: true,
  writtenRevision: true,
  postedRevision: true,
  tries: true,
  researcher: { select: { orcid: true, state: true, finding: true } },
} satisfies Prisma.AffiliationSelect

type Row = Prisma.AffiliationGetPayload<{ select: typeof claimedFields }>

/** An item for a record that is known. */
export type ClaimedItem = Row & { researcherId: string; researcher: NonNullable<Row['researcher']> }

const hasRecord = (row: Row | null): row is ClaimedItem => Boolean(row?.researcherId && row.researcher)

/** A claim with the item as it was last read. No other worker may write the item until the claim expires. */
export type Claim = { claimId: string; item: ClaimedItem }

/** SQL on the table `affiliation`: whether the item may be worked on now. */
const isWanted = () => Prisma.sql`(not ${isStopped()} and (removal = 'person'
  or not exists (select from person p where p.id = affiliation.person_id and (p.conflict or p.state = 'paused'))))`

/**
 * Claims an item in an open or held state; null if it is in neither or another worker has it. While a conflict about the
 * person is open, or while they are paused, nothing is written, and only what they want removed is removed. Nor is anything written for a
 * system that is stopped.
 */
export async function claimItem(id: string): Promise<Claim | null> {
  const claimId = randomUUID()
  const claimed = await db().$executeRaw`
    update affiliation set claim_id = ${claimId}::uuid, claimed_until = now() + make_interval(secs => ${claimS})
    where id = ${id}::uuid and (claimed_until is null or claimed_until < now())
      and state::text = any(${[...openStates, ...heldStates]}::text[]) and researcher_id is not null
      and ${isWanted()}`
  if (claimed === 0) return null
  const item = await db().affiliation.findFirst({ where: { id, claimId }, select: claimedFields })
  return hasRecord(item) ? { claimId, item } : null
}

/** Whether nobody has stopped the work on a claimed item since: call it before each request to ORCID. */
export async function isStillWanted({ claimId, item: { id } }: Claim): Promise<boolean> {
  const wanted = await db().$queryRaw<unknown[]>`
    select 1 from affiliation where id = ${id}::uuid and claim_id = ${claimId}::uuid and ${isWanted()}`
  return wanted.length > 0
}

/**
 * Saves a change and renews the claim. `change` gets the current item, locked. Returns null, without saving, if the
 * claim was lost: the caller must then stop.
 */
export function renewClaim(
  { claimId, item: { id } }: Claim,
  change: (tx: Tx, item: ClaimedItem) => Promise<Prisma.AffiliationUpdateInput>,
): Promise<Claim | null> {
  return inTransaction(async (tx) => {
    const now = await lockClaimed(tx, id, claimId)
    if (!now) return null
    const [{ until } = { until: new Date() }] = await queryRows(
      tx,
      z.object({ until: z.date() }),
      Prisma.sql`
      select now() + make_interval(secs => ${claimS}) as until`,
    )
    const data = { ...(await change(tx, now)), claimedUntil: until }
    const item = await tx.affiliation.update({ where: { id }, data, select: claimedFields })
    return hasRecord(item) ? { claimId, item } : null
  })
}

/** Saves a change and releases the claim. If the item got a new revision meanwhile, also enqueues its next job. */
export function releaseClaim(
  { claimId, item: { id, revision } }: Claim,
  change: (tx: Tx, item: ClaimedItem) => Promise<Prisma.AffiliationUpdateInput>,
): Promise<void> {
  return inTransaction(async (tx) => {
    const now = await lockClaimed(tx, id, claimId)
    if (!now) return
    const isNewer = now.revision !== revision
    // The new revision came with its own state.
    const { state, reason, ...progress } = await change(tx, now)
    const data = isNewer ? progress : { ...progress, state, reason }
    await tx.affiliation.update({ where: { id }, data: { ...data, claimId: null, claimedUntil: null } })
    if (isNewer) await enqueueWriting(tx, [id])
  })
}

/** Locks the item before it reads it, so that the values stay current. Null if the claim was lost. */
async function lockClaimed(tx: Tx, id: string, claimId: string): Promise<ClaimedItem | null> {
  const [held] = await tx.$queryRaw<unknown[]>`
    select 1 from affiliation where id = ${id}::uuid and claim_id = ${claimId}::uuid for update`
  const item = held ? await tx.affiliation.findUnique({ where: { id }, select: claimedFields }) : null
  return hasRecord(item) ? item : null
}

/** Enqueues the writing of affiliations, in the transaction that changes them. */
export function enqueueWriting(tx: Tx, ids: readonly string[]): Promise<void> {
  return enqueueJobs(
    tx,
    'write-affiliation',
    ids.map((id) => ({ payload: { affiliationId: id }, key: `write-affiliation:${id}` })),
  )
}
