import 'server-only'
import { PrismaPg } from '@prisma/adapter-pg'
import type { Client, Pool } from 'pg'
import { z } from 'zod'
import { env } from '@/lib/config/env'
import { databaseClient, databasePool } from '@/lib/database/connection'
import { readOnly } from '@/lib/database/fault'
import { Prisma, PrismaClient } from '@/lib/generated/prisma/client'
import { institution, keep } from '@/lib/institution'

export {
  isDatabaseUnavailable,
  isLoginRefused,
  isRolledBack,
  isStatementTimeout,
  sqlStateOf,
} from '@/lib/database/fault'
export type { CheckReason, Finding, MailKind, RevocationReason } from '@/lib/generated/prisma/enums'
export { Prisma }
export type Tx = Prisma.TransactionClient

const options = {
  connectionTimeoutMillis: 5_000,
  query_timeout: 12_000,
  keepAlive: true,
  application_name: 'concord',
}

// A busy database takes seconds to let a new connection in.
const idleTimeoutMillis = 60_000

// Shared by pages, exports and jobs.
const connectionsMax = 20

// Four jobs, the timetable, and one that listens.
const queueConnectionsMax = 6

declare module '@/lib/institution' {
  interface Institution {
    database?: PrismaClient
    pool?: Pool
    queuePool?: Pool
  }
}

/** Uses one pool per process. */
export function db(): PrismaClient {
  return keep('database', () => new PrismaClient({ adapter: new PrismaPg(pool()) }))
}

/** For queries without Prisma. */
export function pool(): Pool {
  // The pool replaces a broken idle connection.
  return keep('pool', () => openPool('pool', env().databaseUrl, connectionsMax))
}

/** Longer than any transaction, so that whoever has the former pool finishes. */
const formerPoolMs = 20_000
const replaceAfterMs = 5_000

/** A demoted primary keeps our connections. New ones look its address up again, and get new defaults of the role. */
function openPool(name: 'pool' | 'queuePool', url: string, max: number): Pool {
  const opened = databasePool(url, { ...options, max, idleTimeoutMillis }).on('error', ignore)
  const openedAt = Date.now()
  const replace = () => {
    if (institution()[name] !== opened || Date.now() - openedAt < replaceAfterMs) return
    institution()[name] = undefined
    if (name === 'pool') institution().database = undefined
    setTimeout(() => void opened.end().catch(ignore), formerPoolMs).unref()
  }
  // Prisma and the job queue hide their errors from the pool.
  return opened.on('connect', ({ connection }: Client) =>
    connection.on('errorMessage', ({ code }: { code?: string }) => code === readOnly && replace()),
  )
}

/** For the queue's own queries and its `LISTEN`: apart only where a pooler stands before the other pool. */
export function queuePool(): Pool {
  const { workerDatabaseUrl } = env()
  return workerDatabaseUrl
    ? keep('queuePool', () => openPool('queuePool', workerDatabaseUrl, queueConnectionsMax))
    : pool()
}

/** The variable with the address that `queuePool` uses. */
export const queueVariable = () => (env().workerDatabaseUrl ? 'WORKER_DATABASE_URL' : 'DATABASE_URL')

/** Ends each connection after its current query. Later queries use new pools. */
export async function closePool(): Promise<void> {
  const { pool: old, queuePool: oldQueue } = institution()
  institution().pool = undefined
  institution().queuePool = undefined
  institution().database = undefined
  await Promise.all([old?.end(), oldQueue?.end()])
}

const ignore = () => undefined

/**
 * Gives the role timeouts, so that dead processes lose their locks, and no JIT compilation, which outlasts our queries.
 * Poolers refuse them as startup parameters.
 */
export async function setRoleLimits(): Promise<void> {
  // Role settings apply only to later connections.
  await withNewConnection((client) => client.query(roleLimits))
}

/** Connects outside the pool, whose connections outlive a changed password. */
export async function withNewConnection<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const client = databaseClient(env().databaseUrl, options)
  client.on('error', ignore)
  try {
    await client.connect()
    return await work(client)
  } finally {
    await client.end().catch(ignore)
  }
}

const roleLimits = `do $$
declare
  name text;
  value text;
begin
  -- Two processes that start at once would change the same row.
  perform pg_advisory_xact_lock(hashtextextended('role limits', 0));
  for name, value in
    select * from (values ('statement_timeout', '10s'), ('idle_in_transaction_session_timeout', '20s'), ('jit', 'off')) as wanted (name, value)
    where not exists (
      select from pg_db_role_setting s join pg_database d on d.oid = s.setdatabase, unnest(s.setconfig) as setting
      where d.datname = current_database() and s.setrole = quote_ident(current_user)::regrole
        and starts_with(setting, wanted.name || '='))
  loop
    execute format('alter role current_user in database %I set %I = %L', current_database(), name, value);
  end loop;
end $$`

/** Commits `work` as one transaction. */
export function inTransaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
  return db().$transaction(work, { maxWait: 5_000, timeout: 15_000 })
}

/** Prisma's client, a transaction of it, or one without Prisma. */
export type Queryable = { $queryRaw(sql: Prisma.Sql): PromiseLike<unknown> }
export type Executable = { $executeRaw(sql: Prisma.Sql): PromiseLike<number> }

/** For the statements of most requests: Prisma takes three times as long for each. */
export const direct: Queryable & Executable = {
  $queryRaw: async ({ text, values }) => (await pool().query(text, values)).rows,
  $executeRaw: async ({ text, values }) => (await pool().query(text, values)).rowCount ?? 0,
}

/** @throws ZodError for a row of another shape */
export async function queryRows<Row>(tx: Queryable, row: z.ZodType<Row>, sql: Prisma.Sql): Promise<Row[]> {
  return z.array(row).parse(await tx.$queryRaw(sql))
}

/** The time of the database at the start of the transaction: processes on several machines have several clocks. */
export async function databaseTime(tx: Tx): Promise<Date> {
  const [row] = await queryRows(tx, z.object({ now: z.date() }), Prisma.sql`select now()`)
  if (!row) throw new Error('The database gave no time')
  return row.now
}

/** A Date would lose its time zone in raw SQL. */
export function toSqlTime(date: Date | null): Prisma.Sql {
  return Prisma.sql`${date?.toISOString() ?? null}::timestamptz`
}

const listTimeoutMs = 4_000

/**
 * Runs list queries with a timeout, and without Prisma, which takes longer for a page of rows than PostgreSQL.
 *
 * @throws an error that `isStatementTimeout` recognizes
 */
export async function withListTimeout<T>(work: (tx: Queryable) => Promise<T>): Promise<T> {
  const client = await pool().connect()
  let failure: Error | undefined
  try {
    // In tables that fit into memory random reads are cheap.
    await client.query(
      `begin read only; set local statement_timeout = ${listTimeoutMs}; set local random_page_cost = 1.1`,
    )
    const result = await work({ $queryRaw: async ({ text, values }) => (await client.query(text, values)).rows })
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback').catch((unusable) => {
      failure = unusable
    })
    throw error
  } finally {
    client.release(failure)
  }
}
