import 'server-only'
import { createHash } from 'node:crypto'
import { Pool, type PoolClient, type QueryConfig } from 'pg'
import { db, Prisma } from '@/lib/db'
import { env } from '@/lib/env'

// Apart from the connections of the pages, so that a file waits for files and a page never does.
const limits = {
  max: 3,
  connectionTimeoutMillis: 10_000,
  statement_timeout: 20_000,
  keepAlive: true,
  // Compiling what takes milliseconds takes longer, and so does planning the same for each stretch. Rows of a stretch are
  // met by its index: sorting them would compare them by the rules of a language. Times are written in UTC.
  options: '-c timezone=UTC -c jit=off -c plan_cache_mode=force_generic_plan -c random_page_cost=1.1',
}

const kept = globalThis as typeof globalThis & { concordBulk?: Pool }

function pool(): Pool {
  if (!kept.concordBulk) {
    kept.concordBulk = new Pool({ connectionString: env().databaseUrl, application_name: 'concord files', ...limits })
    // A connection that breaks while nobody uses it is replaced by the next one that is needed.
    kept.concordBulk.on('error', ignore)
  }
  return kept.concordBulk
}

const ignore = () => undefined

// Making dates and lists of what becomes text again would be most of the work.
const asTexts = { getTypeParser: () => (text: string) => text }

// Longer than PostgreSQL takes to give up a statement: what is not answered by then is never.
const answerWithinMs = 25_000

/**
 * The rows of one query, every value as the text that PostgreSQL has for it. It waits for a connection where files take
 * all of them. Once `signal` is aborted the query is ended in the database too, and it throws.
 */
export async function readTexts<Row extends Record<string, string | null>>(
  { text, values }: Prisma.Sql,
  signal: AbortSignal,
  { isRepeated = false } = {},
): Promise<Row[]> {
  const client: PoolClient & { processID?: number } = await pool().connect()
  // A connection that breaks says so to whoever asks on it; and to nobody, which would end the process.
  client.on('error', ignore)
  let isOver = false
  const release = (isBroken: boolean) => {
    if (isOver) return
    isOver = true
    if (!isBroken) client.off('error', ignore)
    client.release(isBroken)
  }
  let isGood = false
  const cancel = () => {
    void db().$executeRaw`select pg_cancel_backend(${client.processID}::int)`.catch(() => undefined)
  }
  signal.addEventListener('abort', cancel, { once: true })
  const timer = setTimeout(() => release(true), answerWithinMs)
  try {
    signal.throwIfAborted()
    const name = isRepeated ? createHash('sha256').update(text).digest('base64') : undefined
    const rows = await ask<Row>(client, { name, text, values, types: asTexts })
    isGood = !signal.aborted
    return rows
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', cancel)
    // What cancels it may be late, and would meet the next query of this connection: it has none. Nor has one that breaks.
    release(!isGood)
  }
}

/**
 * Neither by the client's own promise nor with its time limit: with either, answers stay in memory until V8 looks through
 * all of it, and large ones are a hundred megabytes by then.
 */
function ask<Row extends object>(client: PoolClient, query: QueryConfig & { types: typeof asTexts }): Promise<Row[]> {
  return new Promise((resolve, reject) => {
    void client.query<Row>(query, (error, result) => (error ? reject(error) : resolve(result.rows)))
  })
}

/** How PostgreSQL writes a row: its line, or null and the reason why the file has none; and what is between two lines. */
export type Lines = { line: Prisma.Sql; reason: Prisma.Sql; between: string }

/** A stretch of rows by their keys: after this one and up to that one; null where there is no end. */
export type Stretch = {
  after: string | null
  upTo: string | null
  /** There are so many that rows are found by their keys: each would search all of the table for what is filtered on. */
  isOneOfMany: boolean
}

/** A walk through all rows takes about as long as so many searches. */
const manyStretches = 4

/** The rows of a stretch, in their order. */
export type Part = {
  /** How many have a line, and the lines. */
  rows: number
  text: string
  /** Whose they are: a list of ids as PostgreSQL sends it, which it takes again ten times as fast as a text. */
  people: Buffer | null
  /** Why the others have none, a line for each. */
  reasons: string | null
}

/** Takes what a query gives, with a column `key`, into stretches of so many rows. Rows that come later are in one of them. */
export async function findStretches(keys: Prisma.Sql, size: number, signal: AbortSignal): Promise<Stretch[]> {
  const ends = await readTexts<{ key: string }>(
    Prisma.sql`
      select key from (select key, row_number() over (order by key) as place from (${keys}) as every) as numbered
      where place % ${size}::int = 0 order by place`,
    signal,
  )
  const isOneOfMany = ends.length >= manyStretches
  return [...ends, null].map((end, i) => ({ after: ends[i - 1]?.key ?? null, upTo: end?.key ?? null, isOneOfMany }))
}

/**
 * Reads the lines of the rows that a query gives, in its order, as one text: what PostgreSQL writes for a row is done with,
 * and a row of the client's for each would cost more than writing it. The query has the columns `person` (uuid), `line`
 * and `reason` (text).
 */
export async function readPart(
  rows: Prisma.Sql,
  between: string,
  { isOneOfMany }: Stretch,
  signal: AbortSignal,
): Promise<Part> {
  const [part] = await readTexts(
    Prisma.sql`
      select count(line) as rows, string_agg(line, ${between}) as text, string_agg(reason, E'\n') as reasons,
        array_send(array_agg(person) filter (where line is not null and person is not null)) as people
      from (${rows}) as part`,
    signal,
    { isRepeated: isOneOfMany },
  )
  return {
    rows: Number(part?.rows),
    text: part?.text ?? '',
    // `\\x` and then two digits for each byte.
    people: part?.people ? Buffer.from(part.people.slice(2), 'hex') : null,
    reasons: part?.reasons ?? null,
  }
}

/** Gives the connections back, so that a script can end. */
export async function closeBulk(): Promise<void> {
  await kept.concordBulk?.end()
  kept.concordBulk = undefined
}
