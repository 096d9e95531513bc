import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { DiffTarget, MigrationList, SchemaContainer } from '@prisma/schema-engine-wasm'
import { Logger, runMigrations } from 'graphile-worker'
import type pg from 'pg'
import { databaseClient, databasePool } from '@/lib/connection'
import { requireSession } from '@/scripts/pooling'
import { grantPortalRights } from '@/scripts/rights'
import { withSchemaEngine } from '@/scripts/schema-engine'

const root = resolve(import.meta.dirname, '..')
const migrationsDirectory = join(root, 'prisma', 'migrations')
const schemaDirectory = join(root, 'prisma', 'schema')
const filters = { externalTables: [], externalEnums: [] }

// Any number that nothing else in the database locks; "concord" on a telephone keypad.
const advisoryLock = 2662673

// A statement that waits for a table's lock makes everybody who comes after it wait as well: it gives up soon, lets
// them pass, and tries again.
const lockTimeoutMs = 2_000
const lockTries = 5
const lockPauseMs = 1_000

/**
 * Brings the database up to date: our migrations, recorded in `_prisma_migrations` as `prisma migrate deploy` would,
 * then the job queue's own. Two at once wait for one another. Gives the names of the migrations applied now.
 *
 * @throws where somebody else's transaction holds a table for so long that all tries were in vain; a migration that was
 * begun is undone then
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
    const lock = await pool.connect()
    try {
      await lock.query('SET lock_timeout = 0')
      await lock.query('SELECT pg_advisory_lock($1)', [advisoryLock])
      await refuseOtherHistory(pool, directory)
      const applied: string[] = []
      for (let tries = 1; ; tries++) {
        try {
          applied.push(...(await applyMissing(pool, directory)))
          await runMigrations({ pgPool: pool, logger: new Logger(() => () => undefined) })
          return { applied, holes: portalRole ? await grantPortalRights(lock, portalRole) : [] }
        } catch (error) {
          if (!isLockTimeout(error)) throw error
          await forgetBegun(pool)
          if (tries === lockTries) throw new Error(lockMessage)
          await sleep(lockPauseMs)
        }
      }
    } finally {
      // Its session ends with it, and the lock with the session.
      lock.release(true)
    }
  })
}

const lockMessage =
  'Another transaction holds a table that the migration needs, and did not end. Nothing was half applied: try again later.'

const isLockTimeout = (error: unknown) => /lock timeout|55P03/.test(String(error))

async function applyMissing(pool: pg.Pool, directory: string): Promise<string[]> {
  const migrationsList = listMigrations(directory)
  const applied = await withSchemaEngine(pool, (engine) => engine.applyMigrations({ migrationsList, filters }))
  return applied.appliedMigrationNames
}

/** @throws where migrations were applied that this version does not have */
async function refuseOtherHistory(pool: pg.Pool, directory: string): Promise<void> {
  const known = migrationNames(directory)
  const foreign = (await listApplied(pool))?.filter((name) => !known.includes(name)) ?? []
  if (foreign.includes('0002_erasure')) throw new Error(unreleasedMessage)
  if (foreign.length > 0)
    throw new Error(`The database belongs to a newer version of Concord, which has applied ${foreign.join(', ')}.`)
}

const unreleasedMessage =
  'The database was made by a version before 0.1.0, the first release, and cannot be updated. Begin with an empty one (demo and dev: -- --reset).'

/** Names of the migrations that were applied; null for a database without any. */
async function listApplied(pool: pg.Pool | pg.Client): Promise<string[] | null> {
  const { rows } = await pool.query(`SELECT to_regclass('_prisma_migrations') AS found`)
  if (!rows[0]?.found) return null
  const done = await pool.query<{ name: string }>(
    'SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL',
  )
  return done.rows.map(({ name }) => name)
}

/** A script is one transaction and was rolled back; its record is as well, or no migration would ever be let through. */
async function forgetBegun(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query(`SELECT to_regclass('_prisma_migrations') AS found`)
  if (!rows[0]?.found) return
  await pool.query('DELETE FROM _prisma_migrations WHERE finished_at IS NULL AND rolled_back_at IS NULL')
}

/** Names of the migrations that this database still needs, in their order. */
export async function listMissingMigrations(databaseUrl: string, directory = migrationsDirectory): Promise<string[]> {
  const client = databaseClient(databaseUrl, { application_name: 'concord migrate' })
  client.on('error', () => undefined)
  try {
    await client.connect()
    const done = await listApplied(client)
    return migrationNames(directory).filter((name) => !done?.includes(name))
  } finally {
    await client.end()
  }
}

/**
 * What would have to change in a migrated database for it to agree with the schema files, as SQL. Empty when they
 * agree. Indexes on expressions, triggers and checks are outside of the engine's view.
 */
export async function schemaDrift(databaseUrl: string): Promise<string> {
  const files = readSchema()
  const from: DiffTarget = { tag: 'schemaDatasource', files, configDir: root }
  const to: DiffTarget = { tag: 'schemaDatamodel', files }
  const { stdout } = await withPool(databaseUrl, (pool) =>
    withSchemaEngine(pool, (engine) => engine.diff({ from, to, script: true, exitCode: false, filters }), files),
  )
  return stdout?.includes('This is an empty migration') ? '' : (stdout ?? '').trim()
}

/**
 * Writes a new migration with the SQL that leads from the migrations to the schema files, and gives its path; null when
 * there is nothing to do. `databaseUrl` is a server on which a database may be made for the moment.
 */
export async function createMigration(databaseUrl: string, name: string): Promise<string | null> {
  if (!/^[a-z][a-z0-9_]*$/.test(name)) throw new Error('A migration is named in small letters, digits and underscores')
  const shadow = `concord_shadow_${process.pid}`
  const admin = databaseClient(databaseUrl)
  await admin.connect()
  try {
    await admin.query(`CREATE DATABASE ${shadow}`)
    const shadowUrl = Object.assign(new URL(databaseUrl), { pathname: `/${shadow}` }).toString()
    await migrate(shadowUrl)
    const sql = await schemaDrift(shadowUrl)
    return sql === '' ? null : writeMigration(name, sql)
  } finally {
    await admin.query(`DROP DATABASE IF EXISTS ${shadow} WITH (FORCE)`)
    await admin.end()
  }
}

function writeMigration(name: string, sql: string): string {
  const number = String(migrationNames(migrationsDirectory).length + 1).padStart(4, '0')
  const directory = join(migrationsDirectory, `${number}_${name}`)
  mkdirSync(directory)
  const file = join(directory, 'migration.sql')
  writeFileSync(file, `${sql}\n`)
  return file
}

async function withPool<T>(databaseUrl: string, work: (pool: pg.Pool) => Promise<T>): Promise<T> {
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

const migrationNames = (directory: string) =>
  readdirSync(directory)
    .filter((name) => existsSync(join(directory, name, 'migration.sql')))
    .sort()

function listMigrations(directory: string): MigrationList {
  const content = (path: string) => readFileSync(join(directory, path), 'utf8')
  return {
    baseDir: directory,
    lockfile: { path: 'migration_lock.toml', content: content('migration_lock.toml') },
    shadowDbInitScript: '',
    migrationDirectories: migrationNames(directory).map((path) => ({
      path,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: content(join(path, 'migration.sql')) } },
    })),
  }
}

function readSchema(): SchemaContainer[] {
  const names = readdirSync(schemaDirectory).filter((name) => name.endsWith('.prisma'))
  return names.sort().map((name) => {
    const path = join(schemaDirectory, name)
    return { path, content: readFileSync(path, 'utf8') }
  })
}
