import 'server-only'
import { createHmac } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { env } from '@/lib/config/env'
import { db, Prisma, queryRows } from '@/lib/db'
import { institution, keep } from '@/lib/institution'
import { log } from '@/lib/log'

/** `maxPerCaller`: per known caller and window. `maxUnknown`: for all unknown callers together. */
const limits = {
  // Twice the traffic of a campus behind one address: 60 starts and 100 callbacks a minute.
  start: { maxPerCaller: 120, maxUnknown: 6_000, windowS: 60 },
  sign_in: { maxPerCaller: 120, maxUnknown: 6_000, windowS: 60 },
  callback: { maxPerCaller: 300, maxUnknown: 12_000, windowS: 60 },
  // Per signed-in person.
  export: { maxPerCaller: 60, maxUnknown: 60, windowS: 600 },
  // Per signed-in person, for ORCID's shared rate limit. Cached records do not count.
  record: { maxPerCaller: 60, maxUnknown: 60, windowS: 600 },
} as const

export type RateLimitedAction = keyof typeof limits

/** After `databaseTimeoutMs` without the database, this process counts in memory for `inMemoryForMs`. */
const databaseTimeoutMs = 2_000
const inMemoryForMs = 5_000

/**
 * Returns null if allowed, else the seconds until the window ends. `caller`: an address, a person's id, or null if
 * unknown. Processes share fixed windows; without the database each counts alone. Stores callers only as keyed hashes.
 */
export async function countUse(use: RateLimitedAction, caller: string | null): Promise<number | null> {
  const { maxPerCaller, maxUnknown, windowS } = limits[use]
  const bucket = createHmac('sha256', env().sessionSecrets[0]).update(`rate limit\0${use}\0${caller}`).digest('hex')
  const { hits, leftS } = (await countInDatabase(bucket, windowS)) ?? countInMemory(bucket, windowS)
  return hits <= (caller === null ? maxUnknown : maxPerCaller) ? null : Math.max(1, Math.ceil(leftS))
}

const countRow = z.object({ hits: z.number(), leftS: z.number() })
type Count = z.infer<typeof countRow>

declare module '@/lib/institution' {
  interface Institution {
    /** In milliseconds since 1970. */
    countInMemoryUntil?: number
    uses?: Map<string, { hits: number; endsAt: number }>
  }
}

/** Returns null if the database does not answer in time. */
async function countInDatabase(bucket: string, windowS: number): Promise<Count | null> {
  if (Date.now() < (institution().countInMemoryUntil ?? 0)) return null
  // Catch here, because nobody awaits this rejection after the timeout.
  const counted = count(bucket, windowS).catch((error) => {
    log().warn({ err: error }, 'failed to count a use in the database, counting in memory')
    return null
  })
  const result = await Promise.race([counted, sleep(databaseTimeoutMs, null, { ref: false })])
  if (!result) institution().countInMemoryUntil = Date.now() + inMemoryForMs
  return result
}

async function count(bucket: string, windowS: number): Promise<Count | null> {
  const [row] = await queryRows(
    db(),
    countRow,
    Prisma.sql`
    insert into rate_limit as kept (bucket, hits, expires_at)
    values (${bucket}, 1, now() + make_interval(secs => ${windowS}::double precision))
    on conflict (bucket) do update set
      hits = case when kept.expires_at <= now() then 1 else kept.hits + 1 end,
      expires_at = case when kept.expires_at <= now() then excluded.expires_at else kept.expires_at end
    returning hits, extract(epoch from expires_at - now())::double precision as "leftS"`,
  )
  return row ?? null
}

const bucketsMax = 20_000

function countInMemory(bucket: string, windowS: number): Count {
  const now = Date.now()
  const memory = keep('uses', () => new Map())
  const kept = memory.get(bucket)
  if (kept && kept.endsAt > now) {
    kept.hits += 1
    return { hits: kept.hits, leftS: (kept.endsAt - now) / 1_000 }
  }
  if (memory.size >= bucketsMax) memory.clear()
  memory.set(bucket, { hits: 1, endsAt: now + windowS * 1_000 })
  return { hits: 1, leftS: windowS }
}

/** Deletes the windows that are over. */
export async function deleteExpiredWindows(): Promise<void> {
  await db().$executeRaw`delete from rate_limit where expires_at <= now()`
}
