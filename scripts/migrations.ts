import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { DiffTarget, MigrationList, SchemaContainer } from '@prisma/schema-engine-wasm'
import { Logger, runMigrations } from 'graphile-worker'
import pg from 'pg'
import { grantPortalRights } from '@/scripts/rights'
import { withSchemaEngine } from '@/scripts/schema-engine'

const root = resolve(import.meta.dirname, '..')
const migrationsDirectory = join(root, 'prisma', 'migrations')
const schemaDirectory = join(root, 'prisma', 'schema')
const filters = { externalTables: [], externalEnums: [] }

// Any number that nothing else in the database locks; "concord" on a telephone keypad.
const advisoryLock = 2662673

/**
 * Brings the database up to date: our migrations, recorded in `_prisma_migrations` as `prisma migrate deploy` would,
 * then the job queue's own. Two at once wait for one another. Gives the names of the migrations applied now.
 */
export async function migrate(databaseUrl: string): Promise<string[]> {
  return (await migrateFor(databaseUrl, null)).applied
}

/**
 * The same, and then gives `portalRole`, which is not the one that owns the schema, what the portal needs and nothing
 * else. `holes` says why the two roles are no wall, where they are none.
 */
export function migrateFor(
  databaseUrl: string,
  portalRole: string | null,
): Promise<{ applied: string[]; holes: string[] }> {
  return withPool(databaseUrl, async (pool) => {
    const lock = await pool.connect()
    try {
      await lock.query('SELECT pg_advisory_lock($1)', [advisoryLock])
      const applied = await withSchemaEngine(pool, (engine) =>
        engine.applyMigrations({ migrationsList: listMigrations(), filters }),
      )
      await runMigrations({ connectionString: databaseUrl, logger: new Logger(() => () => undefined) })
      const holes = portalRole ? await grantPortalRights(lock, portalRole) : []
      return { applied: applied.appliedMigrationNames, holes }
    } finally {
      // Its session ends with it, and the lock with the session.
      lock.release(true)
    }
  })
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
  const admin = new pg.Client({ connectionString: databaseUrl })
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
  const number = String(migrationNames().length + 1).padStart(4, '0')
  const directory = join(migrationsDirectory, `${number}_${name}`)
  mkdirSync(directory)
  const file = join(directory, 'migration.sql')
  writeFileSync(file, `${sql}\n`)
  return file
}

async function withPool<T>(databaseUrl: string, work: (pool: pg.Pool) => Promise<T>): Promise<T> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 4, application_name: 'concord migrate' })
  // A connection that breaks while nobody uses it is not our concern; one in use fails its own query.
  pool.on('error', () => undefined)
  try {
    return await work(pool)
  } finally {
    await pool.end()
  }
}

const migrationNames = () =>
  readdirSync(migrationsDirectory)
    .filter((name) => existsSync(join(migrationsDirectory, name, 'migration.sql')))
    .sort()

function listMigrations(): MigrationList {
  const content = (path: string) => readFileSync(join(migrationsDirectory, path), 'utf8')
  return {
    baseDir: migrationsDirectory,
    lockfile: { path: 'migration_lock.toml', content: content('migration_lock.toml') },
    shadowDbInitScript: '',
    migrationDirectories: migrationNames().map((path) => ({
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
