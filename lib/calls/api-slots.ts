import 'server-only'
import { z } from 'zod'
import { env } from '@/lib/config/env'
import { db, Prisma, queryRows } from '@/lib/db'

// Stay below ORCID's limits: 24 requests a second for members, 12 for public clients, a burst of 40, then 503
// (https://info.orcid.org/ufaqs/what-are-the-api-limits/).
const slotsPerSecond = { member: 20, public: 10 }
const burst = 8

/** Refuse callers with a longer wait. */
const waitMaxS = 10

/** No pause is longer, even after a jump of the clock. */
const pauseMaxS = 15 * 60

const failuresMax = 8
const circuitOpenForS = 30
/** Time for the one probe while the circuit is half open. */
const probeForS = 25

/** `wait`: the next free slot is too far away. `circuit_open`: ORCID is away. */
export type Slot = { kind: 'go' | 'wait'; waitMs: number } | { kind: 'circuit_open' }

const slotRow = z.object({ waitS: z.number(), isOpen: z.boolean() })
type SlotRow = z.infer<typeof slotRow>

/** Reserves one request for all processes on this database; the lock on one row queues them. Unused slots are lost. */
export async function acquireSlot(): Promise<Slot> {
  const row = (await reserve()) ?? (await createRowAndReserve())
  if (row.isOpen) return { kind: 'circuit_open' }
  return { kind: row.waitS > waitMaxS ? 'wait' : 'go', waitMs: Math.ceil(row.waitS * 1_000) }
}

async function reserve(): Promise<SlotRow | undefined> {
  const perSecond = slotsPerSecond[env().orcid.api]
  // Read the time after the lock: now() is the start of the wait.
  const [row] = await queryRows(
    db(),
    slotRow,
    Prisma.sql`
    with locked as materialized (
      select next_slot_at, circuit_open_until from orcid_rate_limit where id = 1 for update
    ), now as materialized (
      select clock_timestamp() as at, locked.* from locked
    ), slot as materialized (
      select at, circuit_open_until, coalesce(circuit_open_until > at, false) as is_open,
        least(greatest(next_slot_at, at - make_interval(secs => ${burst / perSecond}::float)),
          at + make_interval(secs => ${pauseMaxS}::float)) as slot_at
      from now
    ), decided as materialized (
      select slot.*, not is_open and slot_at <= at + make_interval(secs => ${waitMaxS}::float) as is_taken from slot
    )
    update orcid_rate_limit set
      next_slot_at = case when is_taken then slot_at + make_interval(secs => ${1 / perSecond}::float)
        else slot_at end,
      circuit_open_until = case when is_taken and decided.circuit_open_until is not null
        then at + make_interval(secs => ${probeForS}::float) else decided.circuit_open_until end
    from decided where id = 1
    returning greatest(0, extract(epoch from slot_at - at))::float as "waitS", is_open as "isOpen"`,
  )
  return row
}

/** PostgreSQL empties this unlogged table after a crash. */
async function createRowAndReserve(): Promise<SlotRow> {
  await db().$executeRaw`
    insert into orcid_rate_limit (id, next_slot_at) values (1, '-infinity') on conflict do nothing`
  const row = await reserve()
  if (!row) throw new Error('The row of orcid_rate_limit is missing')
  return row
}

/** Pauses all processes, because ORCID asked us to slow down. */
export async function delaySlots(forMs: number): Promise<void> {
  await db().$executeRaw`
    update orcid_rate_limit set next_slot_at =
      greatest(next_slot_at, clock_timestamp() + make_interval(secs => ${forMs / 1_000}::float))
    where id = 1`
}

/** Closes the circuit. */
export async function recordSuccess(): Promise<void> {
  await db().$executeRaw`
    update orcid_rate_limit set failures = 0, circuit_open_until = null where id = 1 and failures > 0`
}

/** Opens the circuit after eight failures in a row. */
export async function recordFailure(): Promise<void> {
  await db().$executeRaw`
    update orcid_rate_limit set failures = failures + 1,
      circuit_open_until = case when failures + 1 >= ${failuresMax}
        then clock_timestamp() + make_interval(secs => ${circuitOpenForS}::float) else circuit_open_until end
    where id = 1`
}
