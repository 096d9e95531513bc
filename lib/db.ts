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

// Pages, files and jobs share them.
const connectionsMax = 20

declare module '@/lib/institution' {
  interface Institution {
    database?: PrismaClient
    pool?: Pool
  }
}

/** The database. One pool for the process. */
export function db(): PrismaClient {
  return keep('database', () => new PrismaClient({ adapter: new PrismaPg(pool()) }))
}

/** The connections of `db`, for what needs one without Prisma. */
export function pool(): Pool {
  // A connection that breaks while nobody uses it is replaced by the next one that is needed.
  return keep('pool', () => new Pool({ ...connection(), max: connectionsMax }).on('error', ignore))
}

/** Ends the connections, each when what is under way on it has ended. What comes next gets new ones. */
export async function closePool(): Promise<void> {
  const { pool: old } = institution()
  institution().pool = undefined
  institution().database = undefined
  await old?.end()
}

const ignore = () => undefined

/**
 * Gives the role of the portal its limits in this database, where it has none of its own. They are no startup parameters,
 * which a pooler in transaction mode refuses. A process that died must not hold its locks for longer than a transaction
 * may take.
 */
export async function setRoleLimits(): Promise<void> {
  // A connection of its own: the limits hold for those that are made later.
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

/** Runs `work` as one transaction; all of it is kept, or nothing. */
export function inTransaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
  return db().$transaction(work, { maxWait: 5_000, timeout: 15_000 })
}

/** The rows of a query in plain SQL, parsed. */
export async function queryRows<Row>(tx: Pick<Tx, '$queryRaw'>, row: z.ZodType<Row>, sql: Prisma.Sql): Promise<Row[]> {
  return z.array(row).parse(await tx.$queryRaw(sql))
}

/** A moment as a value of raw SQL. A Date would lose its zone there. */
export function toSqlTime(date: Date | null): Prisma.Sql {
  return Prisma.sql`${date?.toISOString() ?? null}::timestamptz`
}

/** How long a page of a list may take the database before it is given up as too broad. */
const listTimeoutMs = 4_000

/**
 * Asks what people's filters make up, each question in limited time. Compiling such a question takes longer than answering
 * it, and reading from an index is no dearer than reading through a table that fits into memory: PostgreSQL assumes
 * otherwise.
 *
 * @throws an error of which `isTooSlow` is true
 */
export function inLimitedTime<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
  return inTransaction(async (tx) => {
    await tx.$executeRaw`select set_config('statement_timeout', ${String(listTimeoutMs)}, true),
      set_config('jit', 'off', true), set_config('random_page_cost', '1.1', true)`
    return work(tx)
  })
}

// Connection exceptions, insufficient resources, shutting down and starting up.
// https://www.postgresql.org/docs/current/errcodes-appendix.html
const awayStates = /^(08\w{3}|53\w{3}|57P0[123])$/
const canceled = '57014'

// What says that there is no connection has no SQLSTATE. By Prisma's codes, by the system's, by the kinds of the driver's
// adapter, and where the driver has no code, by its words.
const awayCodes = /^(P1001|P1008|P1011|P1017|P2028|P2037|ECONN\w+|EPIPE|ETIMEDOUT|EAI_AGAIN|ENOTFOUND)$/
const awayKinds = /^(DatabaseNotReachable|ConnectionClosed|SocketTimeout|TlsConnectionError)$/
const awayWords =
  /timeout exceeded when trying to connect|connection terminated|query read timeout|not queryable|after calling end on the pool/i

/** Whether an error says that the database is out of reach, rather than that it refused something. */
export function isDatabaseAway(error: unknown): boolean {
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

/** Whether an error says that the database gave a statement up because it took too long. */
export function isTooSlow(error: unknown): boolean {
  return findSqlState(causesOf(error)) === canceled
}

type Cause = { code?: unknown; originalCode?: unknown; kind?: unknown; message?: unknown }

/** What PostgreSQL says, which is precise where the driver's and Prisma's codes are not. */
function findSqlState(causes: readonly Cause[]): string | undefined {
  const codes = causes.flatMap(({ originalCode, code }) => [originalCode, code])
  // Prisma's own codes have this form too, from P1000 on; those of PL/pgSQL begin with P0.
  return codes.find((code): code is string => /^(?!P[1-9]|[A-Z]{5})[0-9A-Z]{5}$/.test(String(code)))
}

/** An error, and all that it says it comes from. */
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
