import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Logger, runMigrations } from 'graphile-worker'
import { type ClientBase, DatabaseError, type Pool } from 'pg'
import { databasePool } from '@/lib/database/connection'
import { requireSession } from '@/scripts/pooling'
import { findHindrances } from '@/scripts/preflight'
import { grantPortalRights } from '@/scripts/rights'

export const migrationsDirectory = resolve(import.meta.dirname, '..', 'prisma', 'migrations')

// Any number that nothing else in the database locks; "concord" on a telephone keypad.
const advisoryLock = 2662673

// A statement that waits for a table's lock makes everybody who comes after it wait as well: it gives up soon, lets
// them pass, and tries again.
const lockTimeoutMs = 2_000
const lockTries = 5
const lockPauseMs = 1_000

/**
 * Brings the database up to date: our migrations, recorded in `_prisma_migrations` as `prisma migrate deploy` would,
 * then the job queue's own. Two at once wait for one another. Returns the names of the migrations applied now.
 *
 * @throws Error with a sentence. A migration that failed was rolled back, and the next run applies it.
 */
export async function migrate(databaseUrl: string, directory = migrationsDirectory): Promise<string[]> {
  return (await migrateFor(databaseUrl, null, directory)).applied
}

/**
 * The same, and then gives `portalRole`, which is not the one that owns the schema, what the portal needs and nothing
 * else. `holes` says why the two roles are no wall, where they are none.
 */
export function migrateFor(
  databaseUrl: string,
  portalRole: string | null,
  directory = migrationsDirectory,
): Promise<{ applied: string[]; holes: string[] }> {
  return withPool(databaseUrl, async (pool) => {
    await requireSession(databaseUrl)
    const client = await pool.connect()
    try {
      await client.query('SET lock_timeout = 0')
      await client.query('SELECT pg_advisory_lock($1)', [advisoryLock])
      await client.query(`SET lock_timeout = ${lockTimeoutMs}`)
      const missing = await findMissing(client, directory)
      const hindrances = await findHindrances(client, { portalRole, isComplete: missing.length === 0 })
      if (hindrances.length > 0) throw new Error(`Nothing was begun:\n${hindrances.join('\n')}`)
      const applied: string[] = []
      for (const name of missing) {
        await withLockRetries(() => applyOne(client, directory, name))
        applied.push(name)
      }
      await withLockRetries(() => runMigrations({ pgPool: pool, logger: new Logger(() => () => undefined) }))
      return { applied, holes: portalRole ? await grantPortalRights(client, portalRole) : [] }
    } finally {
      // Its session ends with it, and the lock with the session.
      client.release(true)
    }
  })
}

async function withLockRetries(work: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await work()
    } catch (error) {
      if (!isLockTimeout(error)) throw error
      if (tries === lockTries) throw new Error(lockMessage)
      await sleep(lockPauseMs)
    }
  }
}

const lockMessage =
  'Another transaction holds a table that the migration needs, and did not end. Nothing was half applied: try again later.'

const isLockTimeout = (error: unknown) => error instanceof DatabaseError && error.code === '55P03'

/** The script and its record are one transaction. */
async function applyOne(client: ClientBase, directory: string, name: string): Promise<void> {
  const script = readFileSync(scriptPath(directory, name), 'utf8')
  const checksum = createHash('sha256').update(script).digest('hex')
  try {
    await client.query('BEGIN')
    await client.query(historyTable)
    // Prisma's own program may have left a record of a try that failed.
    await client.query('DELETE FROM _prisma_migrations WHERE finished_at IS NULL')
    await client.query(script)
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
       VALUES (gen_random_uuid(), $1, $2, clock_timestamp(), 1)`,
      [checksum, name],
    )
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined)
    if (isLockTimeout(error)) throw error
    const reason = error instanceof Error ? error.message : error
    throw new Error(`The migration ${name} failed and was rolled back: ${reason}. Mend the cause, then run it again.`)
  }
}

/** As Prisma makes it (https://www.prisma.io/docs/orm/prisma-migrate/understanding-prisma-migrate/migration-histories). */
const historyTable = `
  CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL, finished_at timestamptz,
    migration_name varchar(255) NOT NULL, logs text, rolled_back_at timestamptz,
    started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count integer NOT NULL DEFAULT 0)`

/** @throws where migrations were applied that this version does not have */
async function findMissing(client: ClientBase, directory: string): Promise<string[]> {
  const known = migrationNames(directory)
  const done = (await listApplied(client)) ?? []
  const foreign = done.filter((name) => !known.includes(name))
  if (foreign.includes('0002_erasure')) throw new Error(unreleasedMessage)
  if (foreign.length > 0)
    throw new Error(`The database belongs to a newer version of Concord, which has applied ${foreign.join(', ')}.`)
  return known.filter((name) => !done.includes(name))
}

const unreleasedMessage =
  'The database was made by a version before 0.1.0, the first release, and cannot be updated. Begin with an empty one (demo and dev: -- --reset).'

/** Names of the migrations that were applied; null for a database without any. */
async function listApplied(client: ClientBase): Promise<string[] | null> {
  const { rows } = await client.query(`SELECT to_regclass('_prisma_migrations') AS found`)
  if (!rows[0]?.found) return null
  const done = await client.query<{ name: string }>(
    'SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL',
  )
  return done.rows.map(({ name }) => name)
}

async function withPool<T>(databaseUrl: string, work: (pool: Pool) => Promise<T>): Promise<T> {
  const pool = databasePool(databaseUrl, {
    max: 4,
    application_name: 'concord migrate',
    // The portal's role, where it is the owner too, has limits that are for its pages. As startup parameters a pooler in
    // session mode would refuse both.
    onConnect: async (client) => {
      await client.query(`SET statement_timeout = 0; SET lock_timeout = ${lockTimeoutMs}`)
    },
  })
  // A connection that breaks while nobody uses it is not our concern; one in use fails its own query.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  try {
    return await work(pool)
  } finally {
    await pool.end()
  }
}

const scriptPath = (directory: string, name: string) => join(directory, name, 'migration.sql')

export const migrationNames = (directory: string) =>
  readdirSync(directory)
    .filter((name) => existsSync(scriptPath(directory, name)))
    .sort()
