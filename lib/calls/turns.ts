import 'server-only'
import { db } from '@/lib/db'
import { env } from '@/lib/env'

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
export type Turn = { kind: 'go' | 'wait'; waitMs: number } | { kind: 'shut' }

type Row = { waitS: number; isShut: boolean }

/**
 * Takes the next turn at ORCID's API, for all processes on this database: one statement on one row, whose lock makes a
 * queue. The turn is taken when this returns and is lost when it is not used.
 */
export async function takeTurn(): Promise<Turn> {
  const row = (await advance()) ?? (await beginAndAdvance())
  if (row.isShut) return { kind: 'shut' }
  return { kind: row.waitS > waitMaxS ? 'wait' : 'go', waitMs: Math.ceil(row.waitS * 1_000) }
}

async function advance(): Promise<Row | undefined> {
  const perSecond = callsPerSecond[env().orcid.api]
  // The clock is read below the lock: whoever waited for it has the time of now, not of when the statement began.
  const [row] = await db().$queryRaw<Row[]>`
    with door as materialized (
      select next_turn_at, shut_until from orcid_door where id = 1 for update
    ), now as materialized (
      select clock_timestamp() as at, door.* from door
    ), turn as materialized (
      select at, shut_until, coalesce(shut_until > at, false) as is_shut,
        greatest(next_turn_at, at - make_interval(secs => ${burst / perSecond}::float)) as turn_at
      from now
    ), judged as materialized (
      select turn.*, not is_shut and turn_at <= at + make_interval(secs => ${waitMaxS}::float) as is_taken from turn
    )
    update orcid_door set
      next_turn_at = case when is_taken then turn_at + make_interval(secs => ${1 / perSecond}::float)
        else orcid_door.next_turn_at end,
      shut_until = case when is_taken and judged.shut_until is not null
        then at + make_interval(secs => ${trialS}::float) else judged.shut_until end
    from judged where id = 1
    returning greatest(0, extract(epoch from turn_at - at))::float as "waitS", is_shut as "isShut"`
  return row
}

/** The row is made where it is first needed, and after a crash of the database, which empties an unlogged table. */
async function beginAndAdvance(): Promise<Row> {
  await db().$executeRaw`
    insert into orcid_door (id, next_turn_at) values (1, '-infinity') on conflict do nothing`
  const row = await advance()
  if (!row) throw new Error('The row of the door is gone')
  return row
}

/** ORCID has asked to be left alone for a while: nobody's turn comes before that. */
export async function holdTurns(forMs: number): Promise<void> {
  await db().$executeRaw`
    update orcid_door set next_turn_at =
      greatest(next_turn_at, clock_timestamp() + make_interval(secs => ${forMs / 1_000}::float))
    where id = 1`
}

/** ORCID has answered: it is not away. */
export async function noteAnswer(): Promise<void> {
  await db().$executeRaw`update orcid_door set failures = 0, shut_until = null where id = 1 and failures > 0`
}

/** ORCID has not answered. The door shuts when that has happened too often in a row. */
export async function noteFailure(): Promise<void> {
  await db().$executeRaw`
    update orcid_door set failures = failures + 1,
      shut_until = case when failures + 1 >= ${failuresMax}
        then clock_timestamp() + make_interval(secs => ${shutForS}::float) else shut_until end
    where id = 1`
}
