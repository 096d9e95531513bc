import 'server-only'
import { z } from 'zod'
import { type StaffActor, system } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import { db, inTransaction, Prisma, pool, queryRows, type Tx } from '@/lib/db'
import { findOpenRestore, lockLedger } from '@/lib/installation/restore-detection'
import { findTimeline } from '@/lib/installation/timeline'
import { log } from '@/lib/log'
import { detectRestore } from '@/lib/restores/commands'

/**
 * Detects that a standby became the primary, by PostgreSQL's timeline, and raises an alert with the interval whose
 * commits may be missing. Runs before each heartbeat. Nothing is held: this is the same database.
 */
export async function detectFailover(): Promise<void> {
  const timeline = await findTimeline(pool())
  if (timeline === null || timeline === (await findKnownTimeline(db()))) return
  // Evidence of loss in the ledger holds the database, which says more than an alert.
  await detectRestore()
  // After the release, the timeline counts as new.
  if (await findOpenRestore()) return
  await inTransaction((tx) => noteTimeline(tx, timeline))
}

async function findKnownTimeline(tx: Tx): Promise<number | null> {
  const row = await tx.installation.findUnique({ where: { id: 1 }, select: { timeline: true } })
  return row?.timeline ?? null
}

async function noteTimeline(tx: Tx, timeline: number): Promise<void> {
  await lockLedger(tx)
  const known = await findKnownTimeline(tx)
  if (known === timeline) return
  await tx.installation.updateMany({ data: { timeline } })
  // Another server with fewer promotions is a move.
  if (known === null || timeline < known) return
  const missingFrom = await findLastCommit(tx)
  await tx.failover.create({ data: { timeline, missingFrom } })
  await recordEvent(tx, system, { action: 'failover.found', detail: { timeline } })
  log().error({ timeline, missingFrom }, 'a standby became the primary: the last commits before that may be missing')
}

/**
 * The last commit that the standby replayed, which PostgreSQL forgets at its next start. The newest row may be of the new
 * timeline already.
 */
async function findLastCommit(tx: Tx): Promise<Date | null> {
  const [row] = await queryRows(
    tx,
    z.object({ at: z.date().nullable() }),
    Prisma.sql`
    select least(pg_last_xact_replay_timestamp(), greatest((select max(at) from audit_event),
      (select max(seen_at) from replica), (select worker_seen_at from installation))) as at`,
  )
  return row?.at ?? null
}

export type Failover = { id: string; missingFrom: Date | null; foundAt: Date }

const shownMax = 5

/** Those that no administrator has acknowledged, newest first, at most 5. */
export function listOpenFailovers(_actor: StaffActor): Promise<Failover[]> {
  return db().failover.findMany({
    where: { acknowledgedAt: null },
    orderBy: { foundAt: 'desc' },
    take: shownMax,
    select: { id: true, missingFrom: true, foundAt: true },
  })
}

/** Idempotent. */
export function acknowledgeFailover(actor: StaffActor, id: string, requestId: string): Promise<void> {
  return inTransaction(async (tx) => {
    const { count } = await tx.failover.updateMany({
      where: { id, acknowledgedAt: null },
      data: { acknowledgedAt: new Date() },
    })
    if (count > 0) await recordEvent(tx, actor, { action: 'failover.acknowledged', requestId })
  })
}
