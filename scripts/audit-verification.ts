import pg from 'pg'
import {
  type ChainedEvent,
  type ChainFault,
  chainedEventColumns,
  findEventFault,
  findSealFault,
  type Seal,
} from '@/lib/audit/chain'

export type Verification = {
  seals: number
  sealedEvents: number
  /** The end of the chain, as far as it was found right. */
  head: { number: number; hash: string; lastEventId: bigint; sealedAt: Date } | null
  fault: ChainFault | null
  /** What the event that the fault names says now; null when it is gone. */
  now: string | null
  /** The hash of the seal that the caller asked about, where there is one. */
  expectedHash: string | null
  /** Events behind the last seal: nothing vouches for them yet. */
  unsealed: { events: number; oldestAt: Date | null }
}

/**
 * Compares every sealed event with its seal, and every seal with the one before, up to the first fault. Needs the
 * database alone, no keys and no portal; reads one batch at a time, all of them as of one moment, and changes nothing.
 */
export async function verifyAudit(databaseUrl: string, expectedSeal = 0): Promise<Verification> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'concord audit' })
  await client.connect()
  try {
    await client.query('begin isolation level repeatable read, read only; set local statement_timeout = 0')
    return await walk(client, expectedSeal)
  } finally {
    await client.end()
  }
}

async function walk(client: pg.Client, expectedSeal: number): Promise<Verification> {
  let previous: Seal | null = null
  let sealedEvents = 0
  let fault: ChainFault | null = null
  let expectedHash: string | null = null
  for (let seal = await nextSeal(client, 0); seal; seal = await nextSeal(client, seal.number)) {
    fault = findSealFault(seal, previous) ?? findEventFault(seal, await eventsOf(client, seal, previous))
    if (fault) break
    previous = seal
    if (seal.number === expectedSeal) expectedHash = seal.hash
    sealedEvents += seal.count
  }
  return {
    seals: previous?.number ?? 0,
    sealedEvents,
    head: previous,
    fault,
    now: fault && 'eventId' in fault ? await describeEvent(client, fault.eventId) : null,
    expectedHash,
    unsealed: await countUnsealed(client),
  }
}

async function nextSeal(client: pg.Client, after: number): Promise<Seal | null> {
  const { rows } = await client.query(
    `select number, first_event_id, last_event_id, count, digests, previous_hash, hash, sealed_at
     from audit_seal where number > $1 order by number limit 1`,
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
    sealedAt: row.sealed_at,
  }
}

async function eventsOf(client: pg.Client, seal: Seal, previous: Seal | null): Promise<ChainedEvent[]> {
  const { rows } = await client.query(
    `select ${chainedEventColumns} from audit_event where id > $1 and id <= $2 order by id limit $3`,
    // Below the first seal every id counts, negative ones too. One more than there may be is enough to find a fault.
    [String(previous?.lastEventId ?? -(2n ** 63n)), String(seal.lastEventId), seal.count + 1],
  )
  return rows.map((row) => ({ ...row, id: BigInt(row.id) }))
}

async function describeEvent(client: pg.Client, id: bigint): Promise<string | null> {
  const { rows } = await client.query(`select ${chainedEventColumns} from audit_event where id = $1`, [String(id)])
  return rows[0] ? `${rows[0].at} ${rows[0].action} by ${rows[0].actorKind}` : null
}

async function countUnsealed(client: pg.Client): Promise<Verification['unsealed']> {
  const { rows } = await client.query(
    `select count(*)::int as events, min(at) as oldest from audit_event
     where id > coalesce((select max(last_event_id) from audit_seal), -(2 ^ 62)::bigint)`,
  )
  return { events: rows[0].events, oldestAt: rows[0].oldest }
}

/** A fault in a sentence. */
export function sayFault(fault: ChainFault): string {
  switch (fault.kind) {
    case 'seal_missing':
      return `seal ${fault.seal} is missing`
    case 'seal_changed':
      return `seal ${fault.seal} was changed, or put in the place of another`
    case 'removed':
      return `event ${fault.eventId} was removed (seal ${fault.seal})`
    case 'inserted':
      return `event ${fault.eventId} was inserted after the events around it were sealed (seal ${fault.seal})`
    case 'changed':
      return `event ${fault.eventId} was changed (seal ${fault.seal})`
    case 'reordered':
      return `event ${fault.eventId} was reordered: it says what event ${fault.insteadOf} said when it was sealed (seal ${fault.seal})`
  }
}
