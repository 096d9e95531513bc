import 'server-only'
import { createHash } from 'node:crypto'
import { PrismaPg } from '@prisma/adapter-pg'
import { Pool, type PoolClient } from 'pg'
import { env } from '@/lib/env'
import { AppError } from '@/lib/errors'
import { Prisma, PrismaClient } from '@/lib/generated/prisma/client'

export type { CheckReason, Finding, RevocationReason, TallyKind } from '@/lib/generated/prisma/enums'
export { Prisma }
export type Tx = Prisma.TransactionClient

/** Settings of every connection; docs/operations.md explains them. */
const limits = {
  connectTimeoutMs: 3_000,
  statementTimeoutMs: 10_000,
  queryTimeoutMs: 12_000,
  // A process that died, or that a network has cut off, must not hold its locks for longer than a transaction may take.
  idleInTransactionTimeoutMs: 20_000,
  connectionsMax: 15,
}

// `next dev` loads modules anew at each change; the pool must not be.
const kept = globalThis as typeof globalThis & { concordDb?: PrismaClient; concordPool?: Pool }

/** The database. One pool for the process. */
export function db(): PrismaClient {
  kept.concordDb ??= new PrismaClient({ adapter: new PrismaPg(pool(), { statementNameGenerator: nameOf }) })
  return kept.concordDb
}

function pool(): Pool {
  if (kept.concordPool) return kept.concordPool
  const made = new Pool(connection())
  // A connection that breaks while nobody uses it is replaced by the next one that is needed.
  made.on('error', ignore)
  kept.concordPool = made
  return made
}

/**
 * Asks by one statement, which is a transaction of its own, without Prisma and so for a fraction of the work: what every
 * callback asks. Resolves when what it wrote is committed. Values come as the driver reads them: a bigint as text.
 */
export async function ask<Row extends object>(sql: Prisma.Sql): Promise<Row[]> {
  return askOn(pool(), sql)
}

async function askOn<Row extends object>(asked: Pool | PoolClient, { text, values }: Prisma.Sql): Promise<Row[]> {
  const { rows } = await asked.query<Row>({ name: nameOf({ sql: text }), text, values })
  return rows
}

/** What a transaction of either kind can be asked in plain SQL. Ask for no bigint: they read it differently. */
export type Asked = Pick<Tx, '$queryRaw'>

/**
 * Runs `work` as one transaction without Prisma, for a fraction of the work: what most callbacks write. All of it is
 * kept, or nothing: nothing where `work` gives null or throws.
 */
export async function inPlainTransaction<T>(work: (tx: Asked) => Promise<T | null>): Promise<T | null> {
  const client = await pool().connect()
  // A connection that breaks says so to whoever asks on it; and to nobody, which would end the process.
  client.on('error', ignore)
  const tx = {
    $queryRaw: (text: TemplateStringsArray | Prisma.Sql, ...values: unknown[]) =>
      askOn(client, 'text' in text ? text : Prisma.sql(text, ...values)),
  } as Asked
  try {
    await client.query('BEGIN')
    const result = await work(tx)
    await client.query(result === null ? 'ROLLBACK' : 'COMMIT')
    client.release()
    return result
  } catch (error) {
    // Without its connection the server takes everything back.
    client.release(true)
    throw error
  } finally {
    client.off('error', ignore)
  }
}

const ignore = () => undefined

const connection = () => ({
  connectionString: env().databaseUrl,
  max: limits.connectionsMax,
  connectionTimeoutMillis: limits.connectTimeoutMs,
  statement_timeout: limits.statementTimeoutMs,
  query_timeout: limits.queryTimeoutMs,
  idle_in_transaction_session_timeout: limits.idleInTransactionTimeoutMs,
  keepAlive: true,
  application_name: 'concord',
})

const names = new Map<string, string>()

/**
 * A statement that begins with a name in a comment is prepared once for each connection, which then plans it no more:
 * what every callback asks. Each such text stays on the server, so none of them may be made of what people send.
 */
function nameOf({ sql }: { sql: string }): string {
  const known = names.get(sql)
  if (known !== undefined) return known
  const name = /^\s*\/\* ([a-z-]+) \*\//.exec(sql)?.[1]
  // Without a name it is not prepared. The digest tells texts apart that are made of parts.
  if (!name) return ''
  const unique = `${name}-${createHash('sha256').update(sql).digest('hex').slice(0, 16)}`
  names.set(sql, unique)
  return unique
}

/** Runs `work` as one transaction; all of it is kept, or nothing. */
export function inTransaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
  return db().$transaction(work, { maxWait: 5_000, timeout: 15_000 })
}

/** A moment as a value of raw SQL. A Date would lose its zone there. */
export function toSqlTime(date: Date | null): Prisma.Sql {
  return Prisma.sql`${date?.toISOString() ?? null}::timestamptz`
}

/** How long a page of a list may take the database before it is given up as too broad. */
const listTimeoutMs = 4_000

/**
 * Asks one question that people's filters make up, in limited time. Compiling such a question takes longer than
 * answering it, and reading from an index is no dearer than reading through a table that fits into memory: PostgreSQL
 * assumes otherwise.
 *
 * @throws an error of which `isTooSlow` is true
 */
export async function inLimitedTime<T>(query: Prisma.Sql): Promise<T> {
  const [, rows] = await db().$transaction([
    db().$executeRaw`select set_config('statement_timeout', ${String(listTimeoutMs)}, true),
      set_config('jit', 'off', true), set_config('random_page_cost', '1.1', true)`,
    db().$queryRaw<T>(query),
  ])
  return rows
}

// Connections refused, cut or timed out; PostgreSQL starting up, shutting down or out of connections.
// https://www.postgresql.org/docs/current/errcodes-appendix.html, classes 08, 53 and 57
const awayCodes =
  /^(P1001|P1002|P1008|P1017|P2024|P2028|08\w{3}|53\w{3}|57P0\d|57014|ECONN\w+|EPIPE|ETIMEDOUT|EAI_AGAIN|ENOTFOUND)$/
const awayKinds = new Set([
  'DatabaseNotReachable',
  'ConnectionClosed',
  'SocketTimeout',
  'TooManyConnections',
  'TlsConnectionError',
])
const awayWords =
  /timeout exceeded when trying to connect|connection terminated|can't reach database|query read timeout|server closed the connection|not queryable/i

/** Whether an error says that the database is out of reach, rather than that it refused something. */
export function isDatabaseAway(error: unknown): boolean {
  if (error instanceof AppError) return error.code === 'database_away'
  if (typeof error !== 'object' || error === null) return false
  const { code, kind, originalCode, message, cause, errors, meta } = error as Record<string, unknown>
  if ([code, originalCode].some((part) => typeof part === 'string' && awayCodes.test(part))) return true
  if (typeof kind === 'string' && awayKinds.has(kind)) return true
  if (typeof message === 'string' && awayWords.test(message)) return true
  if (Array.isArray(errors) && errors.some(isDatabaseAway)) return true
  if (
    typeof meta === 'object' &&
    meta !== null &&
    'driverAdapterError' in meta &&
    isDatabaseAway(meta.driverAdapterError)
  )
    return true
  return isDatabaseAway(cause)
}

/** Whether an error says that the database gave a statement up because it took too long. */
export function isTooSlow(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false
  const { code, originalCode, cause, meta } = error as Record<string, unknown>
  if (code === '57014' || originalCode === '57014') return true
  const adapterError =
    typeof meta === 'object' && meta !== null && 'driverAdapterError' in meta && meta.driverAdapterError
  return isTooSlow(adapterError) || isTooSlow(cause)
}
