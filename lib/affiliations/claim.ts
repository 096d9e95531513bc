import 'server-only'
import { randomUUID } from 'node:crypto'
import { claimS, heldStates, itemFields, openStates } from '@/lib/affiliations/affiliation'
import { db, inTransaction, type Prisma, type Tx } from '@/lib/db'
import { enqueueJobs } from '@/lib/jobs/queue'

const worked = {
  ...itemFields,
  state: true,
  removal: true,
  writtenRevision: true,
  postedRevision: true,
  tries: true,
  researcher: { select: { orcid: true, state: true, finding: true } },
} satisfies Prisma.AffiliationSelect

/** An item that this worker, and no other, may write until its claim runs out. */
export type WorkedItem = Prisma.AffiliationGetPayload<{ select: typeof worked }>

/** A claim, and the item as it was when it was last looked at. */
export type Claim = { claimId: string; item: WorkedItem }

/** Claims an item that has something left to do; null when there is nothing, or another worker is at it. */
export async function claimItem(id: string): Promise<Claim | null> {
  const claimId = randomUUID()
  const claimed = await db().$executeRaw`
    update affiliation set claim_id = ${claimId}::uuid, claimed_until = now() + make_interval(secs => ${claimS})
    where id = ${id}::uuid and (claimed_until is null or claimed_until < now())
      and state::text = any(${[...openStates, ...heldStates]}::text[])`
  if (claimed === 0) return null
  const item = await db().affiliation.findFirst({ where: { id, claimId }, select: worked })
  return item && { claimId, item }
}

/**
 * Writes down what is known now and goes on holding the claim, for as long again. `change` sees the item as it is at
 * this moment, locked. Null when the claim was lost: then nothing is written, and nothing may be done any more.
 */
export function keepClaim(
  { claimId, item: { id } }: Claim,
  change: (tx: Tx, item: WorkedItem) => Promise<Prisma.AffiliationUpdateInput>,
): Promise<Claim | null> {
  return inTransaction(async (tx) => {
    const now = await findHeld(tx, id, claimId)
    if (!now) return null
    const [{ until } = { until: new Date() }] = await tx.$queryRaw<{ until: Date }[]>`
      select now() + make_interval(secs => ${claimS}) as until`
    const data = { ...(await change(tx, now)), claimedUntil: until }
    return { claimId, item: await tx.affiliation.update({ where: { id }, data, select: worked }) }
  })
}

/**
 * Writes down how it ended and lets go of the item. Where somebody has decided something new about it meanwhile, the
 * next job is enqueued with it.
 */
export function releaseClaim(
  { claimId, item: { id, revision } }: Claim,
  change: (tx: Tx, item: WorkedItem) => Promise<Prisma.AffiliationUpdateInput>,
): Promise<void> {
  return inTransaction(async (tx) => {
    const now = await findHeld(tx, id, claimId)
    if (!now) return
    const isNewer = now.revision !== revision
    // A decision that was taken meanwhile has set the state already.
    const { state, reason, ...known } = await change(tx, now)
    const told = isNewer ? known : { ...known, state, reason }
    await tx.affiliation.update({ where: { id }, data: { ...told, claimId: null, claimedUntil: null } })
    if (isNewer) await enqueueWriting(tx, [id])
  })
}

/** The item, locked, if the claim is still good. The lock comes first, so that what is read is not changed any more. */
async function findHeld(tx: Tx, id: string, claimId: string): Promise<WorkedItem | null> {
  const [held] = await tx.$queryRaw<unknown[]>`
    select 1 from affiliation where id = ${id}::uuid and claim_id = ${claimId}::uuid for update`
  return held ? tx.affiliation.findUniqueOrThrow({ where: { id }, select: worked }) : null
}

/** Enqueues a job for each item, in the transaction that decided something about it. */
export function enqueueWriting(tx: Tx, ids: readonly string[]): Promise<void> {
  return enqueueJobs(
    tx,
    'write-affiliation',
    ids.map((id) => ({ payload: { affiliationId: id }, key: `write-affiliation:${id}` })),
  )
}
