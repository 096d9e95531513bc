import 'server-only'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ChainedEvent, type Checkpoint, chainedEventColumns, makeCheckpoint } from '@/lib/audit/chain'
import { checkpointBatchSize } from '@/lib/audit/event'
import { db, inTransaction, Prisma, type Tx } from '@/lib/db'
import { log } from '@/lib/log'

const pollMs = 50

export type CheckpointRun = { events: number; outcome: 'done' | 'waiting' }

/**
 * Seals every event that is decided, in batches, and gives how many. Ids are taken before their transactions commit, so
 * an event may appear below one that is there already; nothing is sealed until whoever could still do that is through.
 * With `waiting` somebody was not within `patienceMs`: the next round tries again. Several at once checkpoint once.
 */
export async function createCheckpoints({ patienceMs = 20_000 } = {}): Promise<CheckpointRun> {
  const [newest] = await db().$queryRaw<{ id: bigint | null }[]>`select max(id) as id from audit_event`
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
 * Waits until every transaction that may have taken an id by now has ended. An insert locks its table before it takes
 * an id and keeps the lock until the end, prepared transactions too; so those who hold such a lock now are all that
 * there are. Transaction ids would not do: a transaction gets its own later than its first event's. Nobody waits for us.
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
  const rows = await db().$queryRaw<{ writer: string }[]>`
    select distinct virtualtransaction as writer from pg_locks
    where locktype = 'relation' and relation = 'audit_event'::regclass
      and database = (select oid from pg_database where datname = current_database())
      and mode in ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock') and granted`
  return rows.map(({ writer }) => writer)
}

function createCheckpoint(lastDecided: bigint): Promise<number> {
  return inTransaction(async (tx) => {
    await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended('audit-checkpoint', 0))`
    const previous = await findLastCheckpoint(tx)
    const events = await tx.$queryRaw<ChainedEvent[]>`
      select ${Prisma.raw(chainedEventColumns)} from audit_event
      where id > ${previous?.lastEventId ?? 0n} and id <= ${lastDecided} order by id limit ${checkpointBatchSize}`
    if (events.length === 0) return 0
    const checkpoint = makeCheckpoint(events, previous, new Date())
    await tx.auditCheckpoint.create({ data: { ...checkpoint, digests: new Uint8Array(checkpoint.digests) } })
    // A copy of the chain's end that whoever owns the database cannot change along with it.
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
