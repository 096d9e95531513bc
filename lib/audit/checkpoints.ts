import 'server-only'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { type Checkpoint, chainedEvent, chainedEventColumns, makeCheckpoint } from '@/lib/audit/chain'
import { checkpointBatchSize } from '@/lib/audit/event'
import { db, inTransaction, Prisma, queryRows, type Tx } from '@/lib/db'
import { log } from '@/lib/log'

const pollMs = 50

export type CheckpointRun = { events: number; outcome: 'done' | 'waiting' }

/**
 * Covers all settled events with checkpoints. Ids are taken before the commit, so a lower id may still appear: this
 * waits for such writers. After `patienceMs` it returns `waiting`, and the next round retries. Concurrent runs are
 * safe.
 */
export async function createCheckpoints({ patienceMs = 20_000 } = {}): Promise<CheckpointRun> {
  const [newest] = await queryRows(
    db(),
    z.object({ id: z.bigint().nullable() }),
    Prisma.sql`select max(id) as id from audit_event`,
  )
  if (!newest?.id) return { events: 0, outcome: 'done' }
  if (!(await waitForWriters(patienceMs))) return { events: 0, outcome: 'waiting' }
  let events = 0
  for (;;) {
    const count = await createCheckpoint(newest.id)
    events += count
    if (count < checkpointBatchSize) return { events, outcome: 'done' }
  }
}

/**
 * Waits for all transactions that may have taken an id. Each holds a lock on the table from before its first id until
 * its end, prepared ones too. Transaction ids would miss some: they are assigned later. No transaction waits for this.
 */
async function waitForWriters(patienceMs: number): Promise<boolean> {
  const before = await listWriters()
  const until = Date.now() + patienceMs
  for (let now = before; ; now = await listWriters()) {
    if (!before.some((writer) => now.includes(writer))) return true
    if (Date.now() >= until) return false
    await sleep(pollMs)
  }
}

async function listWriters(): Promise<string[]> {
  const rows = await queryRows(
    db(),
    z.object({ writer: z.string() }),
    Prisma.sql`
    select distinct virtualtransaction as writer from pg_locks
    where locktype = 'relation' and relation = 'audit_event'::regclass
      and database = (select oid from pg_database where datname = current_database())
      and mode in ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock') and granted`,
  )
  return rows.map(({ writer }) => writer)
}

function createCheckpoint(lastSettledId: bigint): Promise<number> {
  return inTransaction(async (tx) => {
    await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended('audit-checkpoint', 0))`
    const previous = await findLastCheckpoint(tx)
    const events = await queryRows(
      tx,
      chainedEvent,
      Prisma.sql`
      select ${Prisma.raw(chainedEventColumns)} from audit_event
      where id > ${previous?.lastEventId ?? 0n} and id <= ${lastSettledId} order by id limit ${checkpointBatchSize}`,
    )
    if (events.length === 0) return 0
    const checkpoint = makeCheckpoint(events, previous, new Date())
    await tx.auditCheckpoint.create({ data: { ...checkpoint, digests: new Uint8Array(checkpoint.digests) } })
    // The owner of the database cannot change this copy of the hash.
    log().info(
      { checkpoint: checkpoint.number, hash: checkpoint.hash, lastEventId: String(checkpoint.lastEventId) },
      'created an audit checkpoint',
    )
    return events.length
  })
}

function findLastCheckpoint(tx: Tx): Promise<Checkpoint | null> {
  return tx.auditCheckpoint.findFirst({ orderBy: { number: 'desc' } })
}
