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

/** Rows in a part: half a megabyte. */
export const partSize = 2_000

/**
 * Queries for ids. In a file of events, `people` are the subjects of the events. `roster` gives a person's `id` and
 * `researcher_id`, which may be null; `items` the same of an item as `id`, `person_id` and `researcher_id`.
 */
export type RowQueries = { people: Prisma.Sql; events?: Prisma.Sql } | { roster: Prisma.Sql } | { items: Prisma.Sql }

export type Cut = { parts: bigint[]; rows: number }

const cutTimeoutMs = 60_000
const ignore = () => undefined
const cutSchema = z.array(z.object({ id: z.coerce.bigint(), rows: z.number() }))

/** Records a file's rows and people as parts. Null, without a record, if there are more than `rowsMax` rows. */
export function cutParts(
  exportId: string,
  action: NewRun['action'],
  found: RowQueries,
  rowsMax = Number.POSITIVE_INFINITY,
): Promise<Cut | null> {
  return onConnection(async (client) => {
    await client.query(`begin; set local statement_timeout = ${cutTimeoutMs}`)
    const parts = await insertAll(client, { exportId, action, found })
    const rows = parts.reduce((sum, part) => sum + part.rows, 0)
    await client.query(rows > rowsMax ? 'rollback' : 'commit')
    return rows > rowsMax ? null : { parts: parts.map(({ id }) => id), rows }
  })
}

/** Takes longer than other statements may. */
async function insert(client: PoolClient, { text, values }: Prisma.Sql) {
  const query = { text, values, query_timeout: cutTimeoutMs }
  const { rows } = await client.query(query as { text: string; values: unknown[] })
  return cutSchema.parse(rows)
}

type NewParts = { exportId: string; action: NewRun['action'] }

async function insertAll(client: PoolClient, run: NewParts & { found: RowQueries }) {
  const { found } = run
  if ('items' in found)
    return insertParts(client, run, found.items, ['affiliation_ids', 'person_ids', 'researcher_ids'])
  // Whoever connects later finds the file by the person, and whoever is bound to another person by the iD.
  if ('roster' in found) return insertParts(client, run, found.roster, ['person_ids', 'researcher_ids'])
  const eventParts = found.events && (await insertParts(client, run, found.events, ['event_ids']))
  const peopleParts = await insertParts(client, run, found.people, ['researcher_ids'])
  return eventParts ?? peopleParts
}

/** The ids of the rows go into the first of the columns; the others have the people of these rows, once each. */
async function insertParts(
  client: PoolClient,
  { exportId, action }: NewParts,
  rows: Prisma.Sql,
  [ids, ...peopleOf]: [
    'affiliation_ids' | 'person_ids' | 'researcher_ids' | 'event_ids',
    ...('person_ids' | 'researcher_ids')[],
  ],
) {
  const lists = peopleOf.map((column) => {
    const id = column.replace('_ids', '_id')
    return `coalesce(array_agg(distinct ${id} order by ${id}) filter (where ${id} is not null), '{}')`
  })
  return insert(
    client,
    Prisma.sql`
    insert into export_part (export_id, action, ${Prisma.raw([ids, ...peopleOf].join(', '))})
    select ${exportId}::uuid, ${action}, ${Prisma.raw(['array_agg(id order by id)', ...lists].join(', '))}
    from (select found.*, (row_number() over (order by id) - 1) / ${partSize}::int as part from (${rows}) as found) as numbered
    group by part order by part
    returning id, cardinality(${Prisma.raw(ids)}) as rows`,
  )
}

declare module '@/lib/institution' {
  interface Institution {
    runningExports?: number
  }
}

/**
 * Reads one part ahead and holds no connection between parts. Concurrent exports pause between parts, for each other
 * export twice as long as the last part took, so that pages stay fast.
 */
export async function* readParts(statements: readonly string[], signal: AbortSignal): AsyncGenerator<Part> {
  const shared = institution()
  shared.runningExports = (shared.runningExports ?? 0) + 1
  const read = async (statement: string, restMs: number) => {
    if (restMs > 0) await sleep(restMs, undefined, { signal })
    const startedAt = performance.now()
    return { part: await readPart(statement), tookMs: performance.now() - startedAt }
  }
  const start = (statement: string | undefined, restMs: number) => {
    const reading = statement === undefined ? null : read(statement, restMs)
    // Prevents an unhandled rejection if nobody awaits the part.
    reading?.catch(() => undefined)
    return reading
  }
  try {
    let ahead = start(statements[0], 0)
    for (let next = 1; ahead; next++) {
      const { part, tookMs } = await ahead
      signal.throwIfAborted()
      ahead = start(statements[next], 2 * tookMs * ((shared.runningExports ?? 1) - 1))
      yield part
    }
  } finally {
    shared.runningExports -= 1
  }
}

/** Buffers the whole output of a `COPY`, so that a slow download holds no connection. */
export function readPart(statement: string): Promise<Part> {
  return onConnection(async (client) => {
    // The stream ends before the connection is ready for another query; `drain` says when it is.
    const ready = once(client, 'drain')
    ready.catch(ignore)
    const rows = client.query(copyTo(statement))
    try {
      const chunks: Buffer[] = []
      for await (const chunk of rows) chunks.push(chunk)
      await ready
      return chunks
    } finally {
      // pg clears its query timeout only in this callback, which the stream does not call.
      ;(rows as { callback?: () => void }).callback?.()
    }
  })
}

async function onConnection<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool().connect()
  // Queries reject when the connection breaks; an unhandled `error` event would end the process.
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
