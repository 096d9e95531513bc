import type pg from 'pg'
import type { Env } from '@/lib/config/env'
import { KeyRing } from '@/lib/crypto/sealed'
import { databaseClient } from '@/lib/database/connection'
import { describeDatabaseFault } from '@/lib/database/fault'
import { compareMigrations } from '@/lib/installation/schema'
import { formatForeignAnswer } from '@/lib/orcid/answer'
import { examineOthers } from '@/scripts/doctor-configuration'
import { type Finding, foreignFinding, judgeClock } from '@/scripts/doctor-findings'
import { examineProxies } from '@/scripts/doctor-proxies'
import { examineWriting } from '@/scripts/doctor-writing'

const oldestVersion = 150_000
const workerLateS = 150

/** Asks the database that a portal with this configuration would use. Everything is read, nothing is written. */
export async function examineDatabase(env: Env): Promise<Finding[]> {
  const client = databaseClient(env.databaseUrl, {
    connectionTimeoutMillis: 5_000,
    query_timeout: 10_000,
    application_name: 'concord doctor',
  })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return [
      await examineServer(client),
      ...(await examineWriting(client)),
      await examineLimits(client),
      await examineClock(client),
      await examineMigrations(client),
      ...(await examineOthers(client)),
      ...(await examineInstallation(client, env)),
      ...(await examineLostKeys(client, env)),
      ...(await examineRestores(client, env)),
      ...(await examineForeignAnswers(client)),
      ...(await examineProxies(client, env.trustedProxies)),
    ]
  } catch (error) {
    return [{ what: 'database', state: 'wrong', finding: describeDatabaseFault(error).sentence }]
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function examineServer(client: pg.Client): Promise<Finding> {
  const { rows } = await client.query(
    `SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS version,
       current_user AS role, current_setting('max_connections') AS most`,
  )
  const { number, version, role, most } = rows[0]
  const finding = `PostgreSQL ${version}, as ${role}, at most ${most} connections`
  return { what: 'database', state: number >= oldestVersion ? 'good' : 'wrong', finding }
}

/** The portal gives them to its role when it starts (`setRoleLimits` in `lib/db.ts`). */
async function examineLimits(client: pg.Client): Promise<Finding> {
  const { rows } = await client.query<{ statement: string; idle: string; areGiven: boolean }>(
    `SELECT current_setting('statement_timeout') AS statement,
       current_setting('idle_in_transaction_session_timeout') AS idle,
       (SELECT count(*) = 2 FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase, unnest(s.setconfig) AS one
         WHERE d.datname = current_database() AND s.setrole = quote_ident(current_user)::regrole
           AND one ~ '^(statement|idle_in_transaction_session)_timeout=') AS "areGiven"`,
  )
  const { statement, idle, areGiven } = rows[0] ?? { statement: '0', idle: '0' }
  const finding = `a statement ends after ${statement}, a transaction in which nothing is said after ${idle}`
  if (statement !== '0' && idle !== '0') return { what: 'limits', state: 'good', finding }
  const older = 'the role has them, and a pooler holds a connection from before: RECONNECT there, or wait'
  const none = 'the role has none in this database: start the portal, which sets them'
  return { what: 'limits', state: 'doubt', finding: areGiven ? older : none }
}

async function examineClock(client: pg.Client): Promise<Finding> {
  const before = Date.now()
  const { rows } = await client.query('SELECT extract(epoch FROM clock_timestamp())::float8 AS now')
  const after = Date.now()
  return judgeClock('clock of the database', Number(rows[0].now) - (before + after) / 2_000, (after - before) / 2_000)
}

async function examineMigrations(client: pg.Client): Promise<Finding> {
  const missing = (await compareMigrations(client))?.missing
  if (missing?.length === 0) return { what: 'migrations', state: 'good', finding: 'all applied' }
  const finding = missing ? `missing: ${missing.join(', ')}` : 'the database has no schema yet'
  return { what: 'migrations', state: 'wrong', finding: `${finding}. Run npm run migrate` }
}

async function examineInstallation(client: pg.Client, env: Env): Promise<Finding[]> {
  const { rows } = await client
    .query(
      `SELECT registry::text, sealed_canary, extract(epoch FROM now() - worker_seen_at)::float8 AS seen FROM installation`,
    )
    .catch(() => ({ rows: [] }))
  const [row] = rows
  if (!row) return [{ what: 'keys', state: 'note', finding: 'nothing is sealed yet: the first start writes the proof' }]
  return [examineKeys(env, row), judgeWorker(row.seen)]
}

function examineKeys(env: Env, row: { registry: string; sealed_canary: string }): Finding {
  const { registry } = env.orcid
  if (row.registry !== registry) {
    const finding = `the database was made for the ${row.registry} registry, not for ${registry}`
    return { what: 'registry', state: 'wrong', finding }
  }
  try {
    const ring = new KeyRing(env.tokenKeys)
    ring.open(row.sealed_canary, { table: 'installation', row: '1', column: 'sealed_canary', registry })
    return { what: 'keys', state: 'good', finding: `TOKEN_KEYS open what is sealed; ${ring.keyIds[0]} seals` }
  } catch {
    return { what: 'keys', state: 'wrong', finding: 'TOKEN_KEYS do not open what this database holds' }
  }
}

/** Keys under which rows are sealed, and which neither this configuration nor a running process has. */
async function examineLostKeys(client: pg.Client, env: Env): Promise<Finding[]> {
  const { rows } = await client
    .query<{ key: string; rows: number }>(
      `SELECT key_id AS key, rows FROM sealed_key
       WHERE rows > 0 AND key_id <> ALL ($1) AND NOT EXISTS (
         SELECT FROM replica WHERE seen_at > now() - interval '60 seconds' AND key_id = ANY (keys)) ORDER BY key_id`,
      [env.tokenKeys.map(({ id }) => id)],
    )
    .catch(() => ({ rows: [] }))
  return rows.map(({ key, rows: sealed }) => {
    const finding = `${sealed} rows are sealed with the key ${key}, which nobody has: docs/keys.md, "A lost key"`
    return { what: 'lost key', state: 'wrong', finding }
  })
}

async function examineRestores(client: pg.Client, env: Env): Promise<Finding[]> {
  const { rows } = await client.query('SELECT 1 FROM restore WHERE released_at IS NULL').catch(() => ({ rows: [] }))
  const held = 'the database was restored and waits to be released at /staff/restored: nothing goes out'
  const without = 'LEDGER_FILE is not set: a restored backup brings back what was erased and withdrawn since'
  return [
    ...(rows.length > 0 ? [{ what: 'restored', state: 'wrong' as const, finding: held }] : []),
    env.ledgerFile
      ? { what: 'ledger', state: 'good', finding: env.ledgerFile }
      : { what: 'ledger', state: 'note', finding: without },
  ]
}

/** What the portal has met in the last 24 hours. */
async function examineForeignAnswers(client: pg.Client): Promise<Finding[]> {
  const { rows } = await client
    .query(
      `SELECT endpoint, count, last_seen_at AS at, status, content_type AS "contentType", server, title
       FROM foreign_answer WHERE last_seen_at > now() - interval '24 hours' ORDER BY last_seen_at DESC`,
    )
    .catch(() => ({ rows: [] }))
  return rows.map((row) => {
    const last = `last at ${row.at.toISOString()}: ${formatForeignAnswer(row)}`
    return foreignFinding(`${row.count} requests to ${row.endpoint} were answered by something else, ${last}`)
  })
}

function judgeWorker(seenS: number | null): Finding {
  const what = 'worker'
  if (seenS === null) return { what, state: 'doubt', finding: 'no worker has done a job of the timetable yet' }
  const finding = `last seen ${Math.round(seenS)} s ago`
  return seenS <= workerLateS ? { what, state: 'good', finding } : { what, state: 'wrong', finding }
}
