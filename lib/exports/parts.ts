import 'server-only'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { PoolClient } from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { z } from 'zod'
import { Prisma, pool } from '@/lib/db'
import type { Part } from '@/lib/exports/lines'
import type { NewRun } from '@/lib/exports/runs'
import { institution } from '@/lib/institution'

/** So many rows are read at a time: one or two megabytes. */
export const partSize = 5_000

/** Which rows a file has: a query for ids of researchers, or of events and of the researchers whom these are about. */
export type Found = { people: Prisma.Sql; events?: Prisma.Sql }

export type Cut = { parts: bigint[]; rows: number }

const cutWithinMs = 60_000
const ignore = () => undefined
const cutSchema = z.array(z.object({ id: z.coerce.bigint(), rows: z.number() }))

/**
 * Writes down which rows a file has and whose details are in it, as parts that are read one after another. Null, and nothing
 * is written down, where there are more than `rowsMax`.
 */
export function cutParts(
  exportId: string,
  action: NewRun['action'],
  { people, events }: Found,
  rowsMax = Number.POSITIVE_INFINITY,
): Promise<Cut | null> {
  return onConnection(async (client) => {
    await client.query(`begin; set local statement_timeout = ${cutWithinMs}`)
    const eventParts = events && (await insertParts(client, { exportId, action, ids: events, column: 'event_ids' }))
    const peopleParts = await insertParts(client, { exportId, action, ids: people, column: 'researcher_ids' })
    const parts = eventParts ?? peopleParts
    const rows = parts.reduce((sum, part) => sum + part.rows, 0)
    await client.query(rows > rowsMax ? 'rollback' : 'commit')
    return rows > rowsMax ? null : { parts: parts.map(({ id }) => id), rows }
  })
}

type NewParts = { exportId: string; action: string; ids: Prisma.Sql; column: 'researcher_ids' | 'event_ids' }

async function insertParts(client: PoolClient, { exportId, action, ids, column }: NewParts) {
  const { text, values } = Prisma.sql`
    insert into export_part (export_id, action, ${Prisma.raw(column)})
    select ${exportId}::uuid, ${action}, array_agg(id order by id)
    from (select id, (row_number() over (order by id) - 1) / ${partSize}::int as part from (${ids}) as found) as numbered
    group by part order by part
    returning id, cardinality(${Prisma.raw(column)}) as rows`
  const { rows } = await client.query({ text, values, query_timeout: cutWithinMs } as {
    text: string
    values: unknown[]
  })
  return cutSchema.parse(rows)
}

declare module '@/lib/institution' {
  interface Institution {
    /** How many files are being written. */
    filesUnderWay?: number
  }
}

/**
 * The parts of a file, as PostgreSQL writes them: the next one is read while one is on its way. No connection is held
 * between two. Several files rest between two parts twice as long as one took, so that pages do not
 * wait for them.
 */
export async function* readParts(statements: readonly string[], signal: AbortSignal): AsyncGenerator<Part> {
  const shared = institution()
  shared.filesUnderWay = (shared.filesUnderWay ?? 0) + 1
  const read = async (statement: string, restMs: number) => {
    if (restMs > 0) await sleep(restMs, undefined, { signal })
    const startedAt = performance.now()
    return { part: await readPart(statement), tookMs: performance.now() - startedAt }
  }
  const start = (statement: string | undefined, restMs: number) => {
    const reading = statement === undefined ? null : read(statement, restMs)
    // It is awaited when it is wanted, or never.
    reading?.catch(() => undefined)
    return reading
  }
  try {
    let ahead = start(statements[0], 0)
    for (let next = 1; ahead; next++) {
      const { part, tookMs } = await ahead
      signal.throwIfAborted()
      ahead = start(statements[next], 2 * tookMs * ((shared.filesUnderWay ?? 1) - 1))
      yield part
    }
  } finally {
    shared.filesUnderWay -= 1
  }
}

/** What a `COPY … TO STDOUT` gives. The whole of it, so that no slow download holds the connection. */
export function readPart(statement: string): Promise<Part> {
  return onConnection(async (client) => {
    // The rows end before PostgreSQL is ready for another query, which is the client's `drain`.
    const ready = once(client, 'drain')
    ready.catch(ignore)
    const rows = client.query(copyTo(statement))
    try {
      const chunks: Buffer[] = []
      for await (const chunk of rows) chunks.push(chunk)
      await ready
      return chunks
    } finally {
      // Ends the time limit of the connection's queries, of which a stream does not say that it is over.
      ;(rows as { callback?: () => void }).callback?.()
    }
  })
}

async function onConnection<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool().connect()
  // A connection that breaks says so to whoever asks on it; and to nobody, which would end the process.
  client.on('error', ignore)
  let isGood = false
  try {
    const result = await work(client)
    isGood = true
    return result
  } finally {
    client.off('error', ignore)
    client.release(!isGood)
  }
}
