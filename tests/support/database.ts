import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { migrateFor } from '@/scripts/migrations'

export type TestDatabase = {
  /** As the role that owns the schema. */
  url: string
  /** As the role that portals are to run with: it may do what a portal does, and nothing else. */
  portalUrl: string
  drop(): Promise<void>
}

const portalRole = { name: 'concord_test_portal', password: 'of-tests-only' }

/** A fresh, migrated, empty database of one's own: a copy of a template, some tens of milliseconds. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const template = await ensureTemplate()
  const name = newName()
  await onServer((admin) => admin.query(`CREATE DATABASE ${name} TEMPLATE ${template}`))
  return databaseOf(name)
}

/** A database in which nothing is, not even our tables. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  const name = newName()
  await onServer((admin) => admin.query(`CREATE DATABASE ${name}`))
  return databaseOf(name)
}

const prefix = () => `concord_test_${process.env.CONCORD_TEST_RUN ?? 'alone'}_`
const newName = () => `${prefix()}${randomBytes(6).toString('hex')}`

/** Drops what this run has left on a server that outlives it: databases whose portals lasted as long as their worker. */
export function dropLeftDatabases(): Promise<void> {
  return onServer(async (admin) => {
    const { rows } = await admin.query<{ name: string }>(
      'SELECT datname AS name FROM pg_database WHERE starts_with(datname, $1)',
      [prefix()],
    )
    for (const { name } of rows) await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
  })
}

function databaseOf(name: string): TestDatabase {
  const asPortal = { username: portalRole.name, password: portalRole.password }
  return {
    url: urlOf(name),
    portalUrl: Object.assign(new URL(urlOf(name)), asPortal).toString(),
    drop: () => dropDatabase(name),
  }
}

/** Connections that are about to end anyway are let go in peace: cut off, a pool that nobody listens to fails the run. */
function dropDatabase(name: string): Promise<void> {
  return onServer(async (admin) => {
    const until = Date.now() + 3_000
    const count = async () => (await admin.query('SELECT 1 FROM pg_stat_activity WHERE datname = $1', [name])).rowCount
    while ((await count()) && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 50))
    await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
  })
}

let ready: Promise<string> | undefined

/** The name of the migrated template; made by whoever asks first, in whichever process. */
function ensureTemplate(): Promise<string> {
  ready ??= onServer(async (admin) => {
    const template = `concord_template_${hashMigrations()}`
    await admin.query('SELECT pg_advisory_lock(26626731)')
    const found = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [template])
    if (found.rowCount === 0) {
      await ensurePortalRole(admin)
      const partial = `${template}_partial`
      await admin.query(`DROP DATABASE IF EXISTS ${partial} WITH (FORCE)`)
      await admin.query(`CREATE DATABASE ${partial}`)
      await migrateFor(urlOf(partial), portalRole.name)
      await admin.query(`ALTER DATABASE ${partial} WITH ALLOW_CONNECTIONS false`)
      await admin.query(`ALTER DATABASE ${partial} RENAME TO ${template}`)
    }
    return template
  })
  return ready
}

async function ensurePortalRole(admin: pg.Client): Promise<void> {
  const { rowCount } = await admin.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [portalRole.name])
  if (!rowCount) await admin.query(`CREATE ROLE ${portalRole.name} LOGIN PASSWORD '${portalRole.password}'`)
}

function hashMigrations(): string {
  const directory = join(import.meta.dirname, '../../prisma/migrations')
  const hash = createHash('sha256').update(readFileSync(join(directory, '../../scripts/rights.ts')))
  for (const name of readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort()) {
    if (name.endsWith('.sql')) hash.update(name).update(readFileSync(join(directory, name)))
  }
  return hash.digest('hex').slice(0, 12)
}

function serverUrl(): string {
  const url = process.env.TEST_DATABASE_URL
  if (!url) throw new Error('TEST_DATABASE_URL is not set: run the tests through npm test or with their configuration')
  return url
}

const urlOf = (database: string) => Object.assign(new URL(serverUrl()), { pathname: `/${database}` }).toString()

async function onServer<T>(work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: serverUrl(), application_name: 'concord tests' })
  await admin.connect()
  try {
    return await work(admin)
  } finally {
    await admin.end()
  }
}

const deadlock = '40P01'

/** What a portal writes once, when it starts, and what its own configuration put there. */
const lastingTables = [
  '_prisma_migrations',
  'installation',
  'rate_limit',
  'replica',
  'staff_invitation',
  'staff_member',
]

/** Empties what a test has left. A job that is at work just then may make PostgreSQL choose us to give way. */
export async function emptyTables(client: pg.Client): Promise<void> {
  // The history refuses to be emptied; between two tests it has to be.
  await client.query('set session_replication_role = replica')
  const { rows } = await client.query<{ name: string }>(
    `select quote_ident(tablename) as name from pg_tables where schemaname = 'public' and tablename <> all ($1)`,
    [lastingTables],
  )
  const emptying = deleteAll(rows.map(({ name }) => name))
  for (let tries = 1; ; tries++) {
    try {
      await client.query(emptying)
      await client.query('reset session_replication_role')
      return
    } catch (error) {
      const isDeadlock = error instanceof pg.DatabaseError && error.code === deadlock
      if (!isDeadlock || tries === 5) throw error
    }
  }
}

/**
 * What `truncate` does, as one transaction that waits for those at work and takes what they leave; but for tables of a few
 * rows thirty times as fast, as it makes no new files.
 */
export const deleteAll = (tables: string[]) =>
  [`lock table ${tables.join(', ')}`, ...tables.map((table) => `delete from ${table}`)].join('; ')
