import 'server-only'
import { createHmac } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { env } from '@/lib/config/env'
import type { RateLimitedAction } from '@/lib/config/rate-limits'
import { db, direct, Prisma, queryRows } from '@/lib/db'
import { institution, keep } from '@/lib/institution'
import { log } from '@/lib/log'
import { type Count, type CountsInMemory, countInMemory } from '@/lib/rate-limit/memory'

/** A signed-in person's id and the client's address, each null if unknown. */
export type Caller = { person: string | null; address: string | null }

/** All callers without a session or without an address share this many times the allowance of one address. */
const sharedFactor = 3

/** After `databaseTimeoutMs` without the database, this process counts in memory for `inMemoryForMs`. */
const databaseTimeoutMs = 2_000
const inMemoryForMs = 5_000

/**
 * Returns null if allowed, else the seconds until the window ends. Counts for the person and for the address, and for
 * all callers together who lack one of them; nothing is counted once one of these limits is used up. Processes share fixed
 * windows; without the database each counts alone. Stores callers only as keyed hashes.
 */
export function countUse(use: RateLimitedAction, { person, address }: Caller): Promise<number | null> {
  const { perPerson, perAddress, windowS } = env().rateLimits[use]
  const limits = [
    ...(person ? [{ bucket: bucketOf(use, 'person', person), max: perPerson }] : []),
    ...(address ? [{ bucket: bucketOf(use, 'address', address), max: perAddress }] : []),
    ...(person && address ? [] : [{ bucket: bucketOf(use, 'all'), max: perAddress * sharedFactor }]),
  ]
  return countAll(limits, windowS)
}

const bucketOf = (use: RateLimitedAction, ...of: string[]) =>
  createHmac('sha256', env().sessionSecrets[0])
    .update(['rate limit', use, ...of].join('\0'))
    .digest('hex')

type Limit = { bucket: string; max: number }

/** Counts a request of a receiving system in the present minute; `hits` is one above `max` once that is used up. */
export async function countRequestOf(systemId: string, max: number): Promise<Count> {
  const bucket = createHmac('sha256', env().sessionSecrets[0]).update(`system\0${systemId}`).digest('hex')
  const [count] = await countEach([{ bucket, max }], 60)
  return count ?? { bucket, hits: 1, leftS: 60 }
}

async function countEach(limits: Limit[], windowS: number): Promise<Count[]> {
  return (await countInDatabase(limits, windowS)) ?? countAllInMemory(limits, windowS)
}

async function countAll(limits: Limit[], windowS: number): Promise<number | null> {
  const counts = await countEach(limits, windowS)
  const maxOf = new Map(limits.map(({ bucket, max }) => [bucket, max]))
  const waits = counts.filter(({ bucket, hits }) => hits > (maxOf.get(bucket) ?? 0)).map(({ leftS }) => leftS)
  return waits.length === 0 ? null : Math.max(1, ...waits.map(Math.ceil))
}

/** What one caller is refused is not taken from the others, whose limit comes last. */
function countAllInMemory(limits: Limit[], windowS: number): Count[] {
  const memory = keep('uses', () => new Map())
  const counts: Count[] = []
  for (const { bucket, max } of limits) {
    const count = countInMemory(memory, bucket, windowS)
    counts.push(count)
    if (count.hits > max) break
  }
  return counts
}

const countRow = z.object({ bucket: z.string(), hits: z.number(), leftS: z.number() })

declare module '@/lib/institution' {
  interface Institution {
    /** In milliseconds since 1970. */
    countInMemoryUntil?: number
    uses?: CountsInMemory
  }
}

/** Returns null if the database does not answer in time. */
async function countInDatabase(limits: Limit[], windowS: number): Promise<Count[] | null> {
  if (Date.now() < (institution().countInMemoryUntil ?? 0)) return null
  // Catch here, because nobody awaits this rejection after the timeout.
  const counted = count(limits, windowS).catch((error) => {
    log().warn({ err: error }, 'failed to count a use in the database, counting in memory')
    return null
  })
  const result = await Promise.race([counted, sleep(databaseTimeoutMs, null, { ref: false })])
  if (!result) institution().countInMemoryUntil = Date.now() + inMemoryForMs
  return result
}

function count(limits: Limit[], windowS: number): Promise<Count[]> {
  return queryRows(
    direct,
    countRow,
    // In one order, so that two requests never wait for each other.
    Prisma.sql`
    with given as (
      select * from unnest(${limits.map(({ bucket }) => bucket)}::text[], ${limits.map(({ max }) => max)}::int[]) as given (bucket, max)),
    used_up as (
      select bucket, hits + 1 as hits, expires_at from rate_limit join given using (bucket)
      where hits >= max and expires_at > now()),
    counted as (
      insert into rate_limit as kept (bucket, hits, expires_at)
      select bucket, 1, now() + make_interval(secs => ${windowS}::double precision) from given
      where not exists (select from used_up) order by bucket
      on conflict (bucket) do update set
        hits = case when kept.expires_at <= now() then 1 else kept.hits + 1 end,
        expires_at = case when kept.expires_at <= now() then excluded.expires_at else kept.expires_at end
      returning bucket, hits, expires_at)
    select bucket, hits, extract(epoch from expires_at - now())::double precision as "leftS"
    from (select * from counted union all select * from used_up) as counts`,
  )
}

/** Deletes the windows that are over. */
export async function deleteExpiredWindows(): Promise<void> {
  await db().$executeRaw`delete from rate_limit where expires_at <= now()`
}
