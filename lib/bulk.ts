import 'server-only'
import { Pool, type PoolClient } from 'pg'
import { db, type Prisma } from '@/lib/db'
import { env } from '@/lib/env'

// Apart from the connections of the pages, so that a file waits for files and a page never does.
const limits = {
  max: 2,
  connectionTimeoutMillis: 10_000,
  statement_timeout: 20_000,
  query_timeout: 25_000,
  keepAlive: true,
}

const kept = globalThis as typeof globalThis & { concordBulk?: Pool }

function pool(): Pool {
  if (!kept.concordBulk) {
    kept.concordBulk = new Pool({ connectionString: env().databaseUrl, application_name: 'concord files', ...limits })
    // A connection that breaks while nobody uses it is replaced by the next one that is needed.
    kept.concordBulk.on('error', () => undefined)
  }
  return kept.concordBulk
}

// Making dates and lists of what becomes text again would be most of the work.
const asTexts = { getTypeParser: () => (text: string) => text }

/**
 * The rows of one query, every value as the text that PostgreSQL has for it. It waits for a connection where files take
 * all of them. Once `signal` is aborted the query is ended in the database too, and it throws.
 */
export async function readTexts<Row extends Record<string, string | null>>(
  { text, values }: Prisma.Sql,
  signal: AbortSignal,
): Promise<Row[]> {
  const client: PoolClient & { processID?: number } = await pool().connect()
  let isCancelled = false
  const cancel = () => {
    isCancelled = true
    void db().$executeRaw`select pg_cancel_backend(${client.processID}::int)`.catch(() => undefined)
  }
  signal.addEventListener('abort', cancel, { once: true })
  try {
    signal.throwIfAborted()
    return (await client.query<Row>({ text, values, types: asTexts })).rows
  } finally {
    signal.removeEventListener('abort', cancel)
    // What cancels it may be late, and would meet the next query of this connection: it has none.
    client.release(isCancelled)
  }
}

/** Gives the connections back, so that a script can end. */
export async function closeBulk(): Promise<void> {
  await kept.concordBulk?.end()
  kept.concordBulk = undefined
}
