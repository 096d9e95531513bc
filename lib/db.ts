import 'server-only'
import { PrismaPg } from '@prisma/adapter-pg'
import { Client, Pool } from 'pg'
import { z } from 'zod'
import { env } from '@/lib/config/env'
import { AppError } from '@/lib/errors'
import { Prisma, PrismaClient } from '@/lib/generated/prisma/client'
import { institution, keep } from '@/lib/institution'

export type { CheckReason, Finding, RevocationReason } from '@/lib/generated/prisma/enums'
export { Prisma }
export type Tx = Prisma.TransactionClient

const connection = () => ({
  connectionString: env().databaseUrl,
  connectionTimeoutMillis: 3_000,
  query_timeout: 12_000,
  keepAlive: true,
  application_name: 'concord',
})

// Shared by pages, exports and jobs.
const connectionsMax = 20

declare module '@/lib/institution' {
  interface Institution {
    database?: PrismaClient
    pool?: Pool
  }
}

/** Uses one pool per process. */
export function db(): PrismaClient {
  return keep('database', () => new PrismaClient({ adapter: new PrismaPg(pool()) }))
}

/** For queries without Prisma. */
export function pool(): Pool {
  // The pool replaces a broken idle connection.
  return keep('pool', () => new Pool({ ...connection(), max: connectionsMax }).on('error', ignore))
}

/** Ends each connection after its current query. Later queries use a new pool. */
export async function closePool(): Promise<void> {
  const { pool: old } = institution()
  institution().pool = undefined
  institution().database = undefined
  await old?.end()
}

const ignore = () => undefined

/** Gives the role timeouts, so that dead processes lose their locks. Poolers refuse them as startup parameters. */
export async function setRoleLimits(): Promise<void> {
  // Role settings apply only to later connections.
  const client = new Client(connection())
  client.on('error', ignore)
  try {
    await client.connect()
    await client.query(roleLimits)
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
    select * from (values ('statement_timeout', '10s'), ('idle_in_transaction_session_timeout', '20s')) as wanted (name, value)
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

/** @throws ZodError for a row of another shape */
export async function queryRows<Row>(tx: Pick<Tx, '$queryRaw'>, row: z.ZodType<Row>, sql: Prisma.Sql): Promise<Row[]> {
  return z.array(row).parse(await tx.$queryRaw(sql))
}

/** A Date would lose its time zone in raw SQL. */
export function toSqlTime(date: Date | null): Prisma.Sql {
  return Prisma.sql`${date?.toISOString() ?? null}::timestamptz`
}

const listTimeoutMs = 4_000

/** Runs list queries with a timeout. @throws an error that `isStatementTimeout` recognizes */
export function withListTimeout<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
  return inTransaction(async (tx) => {
    // JIT compilation would outlast these queries, and in tables that fit into memory random reads are cheap.
    await tx.$executeRaw`select set_config('statement_timeout', ${String(listTimeoutMs)}, true),
      set_config('jit', 'off', true), set_config('random_page_cost', '1.1', true)`
    return work(tx)
  })
}

// Connections (08), resources (53), shutdown (57P): https://www.postgresql.org/docs/current/errcodes-appendix.html
const awayStates = /^(08\w{3}|53\w{3}|57P0[123])$/
const canceled = '57014'

// Connection errors without SQLSTATE: codes of Prisma and the system, kinds of the adapter, texts of the driver.
const awayCodes = /^(P1001|P1008|P1011|P1017|P2028|P2037|ECONN\w+|EPIPE|ETIMEDOUT|EAI_AGAIN|ENOTFOUND)$/
const awayKinds = /^(DatabaseNotReachable|ConnectionClosed|SocketTimeout|TlsConnectionError)$/
const awayWords =
  /timeout exceeded when trying to connect|connection terminated|query read timeout|not queryable|after calling end on the pool/i

/** Whether the database is unreachable rather than refusing a query. */
export function isDatabaseUnavailable(error: unknown): boolean {
  const causes = causesOf(error)
  const app = causes.find((cause) => cause instanceof AppError)
  if (app) return app.code === 'database_away'
  const state = findSqlState(causes)
  if (state) return awayStates.test(state)
  return causes.some(
    ({ code, kind, message }) =>
      awayCodes.test(String(code)) || awayKinds.test(String(kind)) || awayWords.test(String(message)),
  )
}

/** Whether a statement timed out. */
export function isStatementTimeout(error: unknown): boolean {
  return findSqlState(causesOf(error)) === canceled
}

/** PostgreSQL's SQLSTATE and its own message, which Prisma wraps; null if it was not PostgreSQL that failed. */
export function findPostgresError(error: unknown): { state: string; message: string | undefined } | null {
  const causes = causesOf(error)
  const state = findSqlState(causes)
  const own = causes.find(({ originalMessage }) => typeof originalMessage === 'string')?.originalMessage
  return state ? { state, message: own } : null
}

type Cause = { code?: unknown; originalCode?: unknown; originalMessage?: string; kind?: unknown; message?: unknown }

/** PostgreSQL's SQLSTATE is more precise than the codes of the driver and Prisma. */
function findSqlState(causes: readonly Cause[]): string | undefined {
  const codes = causes.flatMap(({ originalCode, code }) => [originalCode, code])
  // Skip Prisma's codes, which start at P1000. Those of PL/pgSQL start with P0.
  return codes.find((code): code is string => /^(?!P[1-9]|[A-Z]{5})[0-9A-Z]{5}$/.test(String(code)))
}

function causesOf(error: unknown): Cause[] {
  if (typeof error !== 'object' || error === null) return []
  const { cause, errors, meta } = error as {
    cause?: unknown
    errors?: unknown
    meta?: { driverAdapterError?: unknown }
  }
  const deeper = [cause, meta?.driverAdapterError, ...(Array.isArray(errors) ? errors : [])]
  return [error, ...deeper.flatMap(causesOf)]
}
