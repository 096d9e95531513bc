import type pg from 'pg'
import { databaseClient } from '@/lib/database/connection'

/** What stands between us and PostgreSQL; `full` for a pooler that has no connection left to tell by. */
export type Pooling = 'direct' | 'session' | 'transaction' | 'statement' | 'full'

const options = { connectionTimeoutMillis: 5_000, query_timeout: 3_000, application_name: 'concord doctor' }
// Few: in session mode each takes one of the pooler's connections.
const othersMax = 2

/**
 * Asks twice on one connection which of PostgreSQL's processes answers, while others hold theirs in a transaction: a
 * pooler in transaction mode has lent the first one's to them meanwhile. One in session mode gives itself away by the
 * process id that it invents for cancel requests.
 *
 * @throws what the driver throws where the first connection fails
 */
export async function findPooling(url: string): Promise<Pooling> {
  const clients: pg.Client[] = []
  const open = async () => {
    const client = databaseClient(url, options)
    client.on('error', () => undefined)
    clients.push(client)
    await client.connect()
    return client
  }
  try {
    const first = await open()
    const own = await processOf(first)
    const shared = await isLent(first, own, open).catch((error) => judgeFailure(error, first, own))
    if (typeof shared === 'string') return shared
    if (shared) return 'transaction'
    return (first as { processID?: unknown }).processID === own ? 'direct' : 'session'
  } finally {
    await Promise.all(clients.map((client) => client.end().catch(() => undefined)))
  }
}

async function isLent(first: pg.Client, own: number, open: () => Promise<pg.Client>): Promise<boolean> {
  for (let others = 0; others < othersMax; others++) {
    const other = await open()
    await other.query('BEGIN')
    if ((await processOf(other)) === own || (await processOf(first)) !== own) return true
  }
  return false
}

/** Where nobody else gets a connection, one that is kept for the first still answers. */
async function judgeFailure(error: Error, first: pg.Client, own: number): Promise<Pooling | false> {
  if (/not allowed in statement pooling/.test(error.message)) return 'statement'
  return (await processOf(first).catch(() => null)) === own ? false : 'full'
}

async function processOf(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  return rows[0]?.pid ?? 0
}

/** @throws Error where locks and settings of a session would be left with a connection that others get next */
export async function requireSession(url: string): Promise<void> {
  const pooling = await findPooling(url)
  if (pooling !== 'transaction' && pooling !== 'statement') return
  throw new Error(
    `A pooler in ${pooling} mode stands before the database: set MIGRATE_DATABASE_URL to PostgreSQL itself, or to a pooler in session mode.`,
  )
}
