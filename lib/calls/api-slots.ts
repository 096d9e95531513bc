import 'server-only'
import { env } from '@/lib/config/env'
import { db } from '@/lib/db'

/**
 * ORCID lets a member make 24 calls a second, a client with public credentials 12, and queues 40 more; then it answers
 * 503 (https://info.orcid.org/ufaqs/what-are-the-api-limits/). All processes together stay below that.
 */
const callsPerSecond = { member: 20, public: 10 }
/** So many may follow one another at once after a while of silence: a page asks for several things. */
const burst = 8

/** Whoever would have to wait for longer is told so instead. */
const waitMaxS = 10

/** After so many calls in a row that ORCID did not answer, nobody asks for a while; then one tries for all. */
const failuresMax = 8
const shutForS = 30
/** For how long the one that tries may take before the next one does. */
const trialS = 25

/** `go` after waiting; `wait`: no turn within reach, the first would come in so long; `shut`: ORCID is known to be away. */
export type Slot = { kind: 'go' | 'wait'; waitMs: number } | { kind: 'shut' }

type Row = { waitS: number; isShut: boolean }

/**
 * Takes the next turn at ORCID's API, for all processes on this database: one statement on one row, whose lock makes a
 * queue. The turn is taken when this returns and is lost when it is not used.
 */
export async function acquireSlot(): Promise<Slot> {
  const row = (await advance()) ?? (await beginAndAdvance())
  if (row.isShut) return { kind: 'shut' }
  return { kind: row.waitS > waitMaxS ? 'wait' : 'go', waitMs: Math.ceil(row.waitS * 1_000) }
}

async function advance(): Promise<Row | undefined> {
  const perSecond = callsPerSecond[env().orcid.api]
  // The clock is read below the lock: whoever waited for it has the time of now, not of when the statement began.
  const [row] = await db().$queryRaw<Row[]>`
    with door as materialized (
      select next_slot_at, circuit_open_until from orcid_rate_limit where id = 1 for update
    ), now as materialized (
      select clock_timestamp() as at, door.* from door
    ), turn as materialized (
      select at, circuit_open_until, coalesce(circuit_open_until > at, false) as is_shut,
        greatest(next_slot_at, at - make_interval(secs => ${burst / perSecond}::float)) as turn_at
      from now
    ), judged as materialized (
      select turn.*, not is_shut and turn_at <= at + make_interval(secs => ${waitMaxS}::float) as is_taken from turn
    )
    update orcid_rate_limit set
      next_slot_at = case when is_taken then turn_at + make_interval(secs => ${1 / perSecond}::float)
        else orcid_rate_limit.next_slot_at end,
      circuit_open_until = case when is_taken and judged.circuit_open_until is not null
        then at + make_interval(secs => ${trialS}::float) else judged.circuit_open_until end
    from judged where id = 1
    returning greatest(0, extract(epoch from turn_at - at))::float as "waitS", is_shut as "isShut"`
  return row
}

/** The row is made where it is first needed, and after a crash of the database, which empties an unlogged table. */
async function beginAndAdvance(): Promise<Row> {
  await db().$executeRaw`
    insert into orcid_rate_limit (id, next_slot_at) values (1, '-infinity') on conflict do nothing`
  const row = await advance()
  if (!row) throw new Error('The row of the door is gone')
  return row
}

/** ORCID has asked to be left alone for a while: nobody's turn comes before that. */
export async function delaySlots(forMs: number): Promise<void> {
  await db().$executeRaw`
    update orcid_rate_limit set next_slot_at =
      greatest(next_slot_at, clock_timestamp() + make_interval(secs => ${forMs / 1_000}::float))
    where id = 1`
}

/** ORCID has answered: it is not away. */
export async function recordSuccess(): Promise<void> {
  await db()
    .$executeRaw`update orcid_rate_limit set failures = 0, circuit_open_until = null where id = 1 and failures > 0`
}

/** ORCID has not answered. The door shuts when that has happened too often in a row. */
export async function recordFailure(): Promise<void> {
  await db().$executeRaw`
    update orcid_rate_limit set failures = failures + 1,
      circuit_open_until = case when failures + 1 >= ${failuresMax}
        then clock_timestamp() + make_interval(secs => ${shutForS}::float) else circuit_open_until end
    where id = 1`
}
