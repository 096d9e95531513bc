import 'server-only'
import { createHmac } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { env } from '@/lib/config/env'
import { db, Prisma, queryRows } from '@/lib/db'
import { institution, keep } from '@/lib/institution'
import { log } from '@/lib/log'

/** What is limited. `mostOfOne` for one known caller in a window, `mostOfAll` for all callers that cannot be told apart. */
const limits = {
  // A campus behind one address sends sixty people a minute to ORCID and gets a hundred back; twice that is admitted.
  start: { mostOfOne: 120, mostOfAll: 6_000, windowS: 60 },
  sign_in: { mostOfOne: 120, mostOfAll: 6_000, windowS: 60 },
  callback: { mostOfOne: 300, mostOfAll: 12_000, windowS: 60 },
  // Of one person who is signed in: a file of everybody is no page to reload.
  export: { mostOfOne: 60, mostOfAll: 60, windowS: 600 },
  // Of one person as well: each is a question to ORCID, whose retryLimits all share. What is remembered does not count.
  record: { mostOfOne: 60, mostOfAll: 60, windowS: 600 },
} as const

export type LimitedUse = keyof typeof limits

/** How long the database may take to count before this process counts by itself, and for how long it then does. */
const patienceMs = 2_000
const aloneForMs = 5_000

/**
 * Counts one use by one caller (an address, or the id of a person; null for all who cannot be told apart), and gives
 * null when it is admitted, else the seconds until the window ends. Fixed windows, one statement, shared by all
 * processes; while the database is away, each process counts for itself. The caller is kept only as a keyed hash.
 */
export async function countUse(use: LimitedUse, caller: string | null): Promise<number | null> {
  const { mostOfOne, mostOfAll, windowS } = limits[use]
  const bucket = createHmac('sha256', env().sessionSecrets[0]).update(`rate limit\0${use}\0${caller}`).digest('hex')
  const { hits, leftS } = (await countInDatabase(bucket, windowS)) ?? countInMemory(bucket, windowS)
  return hits <= (caller === null ? mostOfAll : mostOfOne) ? null : Math.max(1, Math.ceil(leftS))
}

const countRow = z.object({ hits: z.number(), leftS: z.number() })
type Count = z.infer<typeof countRow>

declare module '@/lib/institution' {
  interface Institution {
    /** Until then uses are counted in memory, in milliseconds since 1970. */
    countAloneUntil?: number
    uses?: Map<string, { hits: number; endsAt: number }>
  }
}

/** The count after this use, or null where the database does not give it in time. */
async function countInDatabase(bucket: string, windowS: number): Promise<Count | null> {
  if (Date.now() < (institution().countAloneUntil ?? 0)) return null
  // An error is no rejection that nobody awaits, should the clock win.
  const counted = count(bucket, windowS).catch((error) => {
    log().warn({ err: error }, 'uses are counted in memory')
    return null
  })
  const result = await Promise.race([counted, sleep(patienceMs, null, { ref: false })])
  if (!result) institution().countAloneUntil = Date.now() + aloneForMs
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

const mostBuckets = 20_000

function countInMemory(bucket: string, windowS: number): Count {
  const now = Date.now()
  const memory = keep('uses', () => new Map())
  const kept = memory.get(bucket)
  if (kept && kept.endsAt > now) {
    kept.hits += 1
    return { hits: kept.hits, leftS: (kept.endsAt - now) / 1_000 }
  }
  if (memory.size >= mostBuckets) memory.clear()
  memory.set(bucket, { hits: 1, endsAt: now + windowS * 1_000 })
  return { hits: 1, leftS: windowS }
}

/** Forgets the windows that are over. */
export async function forgetOldUses(): Promise<void> {
  await db().$executeRaw`delete from rate_limit where expires_at <= now()`
}
