import 'server-only'
import type { PoolClient, QueryConfig } from 'pg'
import { z } from 'zod'
import { db, Prisma, pool } from '@/lib/db'

/**
 * Times are written in UTC. Compiling what takes milliseconds takes longer. Rows of a stretch are met by its index:
 * sorting them would compare them by the rules of a language.
 */
const begin = `begin; set local statement_timeout = '20s'; set local timezone = 'UTC'; set local jit = off;
  set local random_page_cost = 1.1; select pg_backend_pid() as pid`

const ignore = () => undefined

// Making dates and lists of what becomes text again would be most of the work.
const asTexts = { getTypeParser: () => (text: string) => text }

// Longer than PostgreSQL takes to give up a statement: what is not answered by then is never.
const answerWithinMs = 25_000

type TextQuery = QueryConfig & { types: typeof asTexts; query_timeout: number }

/**
 * The rows of one query, every value as the text that PostgreSQL has for it. Once `signal` is aborted the query is ended
 * in the database too, and it throws.
 */
export async function readTexts<Row extends Record<string, string | null>>(
  { text, values }: Prisma.Sql,
  signal: AbortSignal,
): Promise<Row[]> {
  const client = await pool().connect()
  // A connection that breaks says so to whoever asks on it; and to nobody, which would end the process.
  client.on('error', ignore)
  let isGood = false
  let pid: number | undefined
  const cancel = () => {
    if (pid) void db().$executeRaw`select pg_cancel_backend(${pid}::int)`.catch(ignore)
  }
  signal.addEventListener('abort', cancel, { once: true })
  try {
    pid = await beginReading(client)
    signal.throwIfAborted()
    const rows = await ask<Row>(client, { text, values, types: asTexts, query_timeout: answerWithinMs })
    await client.query('commit')
    isGood = !signal.aborted
    return rows
  } finally {
    signal.removeEventListener('abort', cancel)
    if (isGood) client.off('error', ignore)
    // What cancels it may be late, and would meet the next query of this connection: it has none. Nor has one that breaks.
    client.release(!isGood)
  }
}

/** Begins a transaction with these settings and gives the id of its process, which a pooler may change between two. */
async function beginReading(client: PoolClient): Promise<number> {
  const results = (await client.query(begin)) as unknown as { rows: { pid: number }[] }[]
  return z.number().parse(results.at(-1)?.rows[0]?.pid)
}

/**
 * Not by the client's own promise, which with its time limit keeps a result until V8 looks through all of its memory: a
 * hundred megabytes of large answers by then.
 */
function ask<Row extends object>(client: PoolClient, query: TextQuery): Promise<Row[]> {
  return new Promise((resolve, reject) => {
    void client.query<Row>(query, (error, result) => {
      if (error) return reject(error)
      resolve(result.rows)
      result.rows = []
    })
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
export async function readPart(rows: Prisma.Sql, between: string, signal: AbortSignal): Promise<Part> {
  const [part] = await readTexts(
    Prisma.sql`
      select count(line) as rows, string_agg(line, ${between}) as text, string_agg(reason, E'\n') as reasons,
        array_send(array_agg(person) filter (where line is not null and person is not null)) as people
      from (${rows}) as part`,
    signal,
  )
  return {
    rows: Number(part?.rows),
    text: part?.text ?? '',
    // `\\x` and then two digits for each byte.
    people: part?.people ? Buffer.from(part.people.slice(2), 'hex') : null,
    reasons: part?.reasons ?? null,
  }
}
