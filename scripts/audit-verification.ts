import type pg from 'pg'
import {
  type ChainedEvent,
  type ChainFault,
  type Checkpoint,
  chainedEventColumns,
  findCheckpointFault,
  findEventFault,
} from '@/lib/audit/chain'
import { databaseClient } from '@/lib/database/connection'

export type Verification = {
  checkpoints: number
  coveredEvents: number
  /** The end of the chain, as far as it was found right. */
  head: { number: number; hash: string; lastEventId: bigint; createdAt: Date } | null
  fault: ChainFault | null
  /** What the event that the fault names says now; null when it is gone. */
  now: string | null
  /** The hash of the checkpoint that the caller asked about, where there is one. */
  expectedHash: string | null
  /** Events behind the last checkpoint: nothing vouches for them yet. */
  uncovered: { events: number; oldestAt: Date | null }
}

/**
 * Compares every covered event with its checkpoint, and every checkpoint with the one before, up to the first fault. Needs the
 * database alone, no keys and no portal; reads one batch at a time, all of them as of one moment, and changes nothing.
 */
export async function verifyAudit(databaseUrl: string, expectedCheckpoint = 0): Promise<Verification> {
  const client = databaseClient(databaseUrl, { application_name: 'concord audit' })
  await client.connect()
  try {
    await client.query('begin isolation level repeatable read, read only; set local statement_timeout = 0')
    return await walk(client, expectedCheckpoint)
  } finally {
    await client.end()
  }
}

async function walk(client: pg.Client, expectedCheckpoint: number): Promise<Verification> {
  let previous: Checkpoint | null = null
  let coveredEvents = 0
  let fault: ChainFault | null = null
  let expectedHash: string | null = null
  for (
    let checkpoint = await nextCheckpoint(client, 0);
    checkpoint;
    checkpoint = await nextCheckpoint(client, checkpoint.number)
  ) {
    fault =
      findCheckpointFault(checkpoint, previous) ??
      findEventFault(checkpoint, await eventsOf(client, checkpoint, previous))
    if (fault) break
    previous = checkpoint
    if (checkpoint.number === expectedCheckpoint) expectedHash = checkpoint.hash
    coveredEvents += checkpoint.count
  }
  return {
    checkpoints: previous?.number ?? 0,
    coveredEvents,
    head: previous,
    fault,
    now: fault && 'eventId' in fault ? await describeEvent(client, fault.eventId) : null,
    expectedHash,
    uncovered: await countUncovered(client),
  }
}

async function nextCheckpoint(client: pg.Client, after: number): Promise<Checkpoint | null> {
  const { rows } = await client.query(
    `select number, first_event_id, last_event_id, count, digests, previous_hash, hash, created_at
     from audit_checkpoint where number > $1 order by number limit 1`,
    [after],
  )
  const [row] = rows
  if (!row) return null
  return {
    number: row.number,
    firstEventId: BigInt(row.first_event_id),
    lastEventId: BigInt(row.last_event_id),
    count: row.count,
    digests: row.digests,
    previousHash: row.previous_hash,
    hash: row.hash,
    createdAt: row.created_at,
  }
}

async function eventsOf(
  client: pg.Client,
  checkpoint: Checkpoint,
  previous: Checkpoint | null,
): Promise<ChainedEvent[]> {
  const { rows } = await client.query(
    `select ${chainedEventColumns} from audit_event where id > $1 and id <= $2 order by id limit $3`,
    // Below the first checkpoint every id counts, negative ones too. One more than there may be is enough to find a fault.
    [String(previous?.lastEventId ?? -(2n ** 63n)), String(checkpoint.lastEventId), checkpoint.count + 1],
  )
  return rows.map((row) => ({ ...row, id: BigInt(row.id) }))
}

async function describeEvent(client: pg.Client, id: bigint): Promise<string | null> {
  const { rows } = await client.query(`select ${chainedEventColumns} from audit_event where id = $1`, [String(id)])
  return rows[0] ? `${rows[0].at} ${rows[0].action} by ${rows[0].actorKind}` : null
}

async function countUncovered(client: pg.Client): Promise<Verification['uncovered']> {
  const { rows } = await client.query(
    `select count(*)::int as events, min(at) as oldest from audit_event
     where id > coalesce((select max(last_event_id) from audit_checkpoint), -(2 ^ 62)::bigint)`,
  )
  return { events: rows[0].events, oldestAt: rows[0].oldest }
}

/** A fault in a sentence. */
export function sayFault(fault: ChainFault): string {
  switch (fault.kind) {
    case 'checkpoint_missing':
      return `checkpoint ${fault.checkpoint} is missing`
    case 'checkpoint_changed':
      return `checkpoint ${fault.checkpoint} was changed, or put in the place of another`
    case 'removed':
      return `event ${fault.eventId} was removed (checkpoint ${fault.checkpoint})`
    case 'inserted':
      return `event ${fault.eventId} was inserted after the events around it were covered (checkpoint ${fault.checkpoint})`
    case 'changed':
      return `event ${fault.eventId} was changed (checkpoint ${fault.checkpoint})`
    case 'reordered':
      return `event ${fault.eventId} was reordered: it says what event ${fault.insteadOf} said when it was covered (checkpoint ${fault.checkpoint})`
  }
}
