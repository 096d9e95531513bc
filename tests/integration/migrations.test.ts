import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { compareMigrations } from '@/lib/installation/schema'
import { migrate, migrateFor } from '@/scripts/migrations'
import { schemaDrift } from '@/scripts/schema-drift'
import { commandArgs } from '@/tests/support/command'
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '@/tests/support/database'

let database: TestDatabase
let client: pg.Client

beforeAll(async () => {
  database = await createTestDatabase()
  client = new pg.Client({ connectionString: database.url })
  await client.connect()
})

afterAll(async () => {
  await client.end()
  await database.drop()
})

describe('a migrated database', () => {
  test('agrees with the schema files', async () => {
    expect(await schemaDrift(database.url)).toBe('')
  })

  test('is seen to differ once a column is gone', async () => {
    const other = await createTestDatabase()
    const admin = new pg.Client({ connectionString: other.url })
    await admin.connect()
    await admin.query('ALTER TABLE researcher DROP COLUMN name CASCADE')
    await admin.end()
    expect(await schemaDrift(other.url)).toContain('ADD COLUMN     "name" TEXT')
    await other.drop()
  })

  test('is the one that this version of the portal expects', async () => {
    expect(await compareMigrations(client)).toEqual({ missing: [], newer: [] })
    const names = readdirSync('prisma/migrations').filter((name) => /^\d/.test(name))
    await client.query('BEGIN; DELETE FROM _prisma_migrations')
    expect(await compareMigrations(client)).toEqual({ missing: names, newer: [] })
    await client.query('ROLLBACK')
  })

  test('is left alone by another migration', async () => {
    expect(await migrate(database.url)).toEqual([])
  })

  test('has the job queue', async () => {
    await expect(client.query(`SELECT graphile_worker.add_job('nothing')`)).resolves.toHaveProperty('rowCount', 1)
  })

  test.each(["UPDATE audit_event SET action = 'x'", 'DELETE FROM audit_event', 'TRUNCATE audit_event'])(
    'refuses %s',
    async (statement) => {
      await client.query(`INSERT INTO audit_event (action, actor_kind) VALUES ('attempt.started', 'system')`)
      await expect(client.query(statement)).rejects.toThrow('audit_event is append-only')
    },
  )

  test.each([
    '0000-0002-9079-593x',
    '0000000290795930',
    'https://orcid.org/0000-0002-1825-0097',
    '0000-0002-1825-009 7',
  ])('takes %s for no iD', async (orcid) => {
    const researcher = `INSERT INTO researcher (orcid, registry, state) VALUES ($1, 'local', 'connected')`
    const staff = `INSERT INTO staff_member (orcid, role, origin) VALUES ($1, 'viewer', 'test')`
    await expect(client.query(researcher, [orcid])).rejects.toThrow('researcher_orcid_form')
    await expect(client.query(staff, [orcid])).rejects.toThrow('staff_member_orcid_form')
  })

  test('holds one installation', async () => {
    const second = `INSERT INTO installation (id, registry, sealed_canary, sealed_lookup_key) VALUES (2, 'local', '', '')`
    await expect(client.query(second)).rejects.toThrow('installation_single')
  })
})

test('three migrations at once apply everything once', async () => {
  const empty = await createEmptyDatabase()
  const applied = await Promise.all([1, 2, 3].map(() => migrate(empty.url)))
  expect(new Set(applied.flat()).size).toBe(applied.flat().length)
  expect(applied.flat()).toContain('0001_initial')
  await empty.drop()
})

/** The migrations and one more, which by default alters a table. */
function withOneMore(sql = 'ALTER TABLE installation ADD COLUMN more TEXT;'): string {
  const directory = mkdtempSync(join(tmpdir(), 'concord-migrations-'))
  cpSync('prisma/migrations', directory, { recursive: true })
  mkdirSync(join(directory, '0002_more'))
  writeFileSync(join(directory, '0002_more', 'migration.sql'), sql)
  return directory
}

/** A transaction that holds the table which the next migration alters. */
async function holdTable(database: TestDatabase) {
  const holder = new pg.Client({ connectionString: database.url })
  await holder.connect()
  await holder.query('BEGIN')
  await holder.query('SELECT count(*) FROM installation')
  return holder
}

describe('a database with migrations that this version does not have', () => {
  test.each([
    ['0002_erasure', 'made by a version before 0.1.0'],
    ['0099_later', 'a newer version of Concord, which has applied 0099_later'],
  ])('is refused in a sentence: %s', async (name, words) => {
    const other = await createTestDatabase()
    const admin = new pg.Client({ connectionString: other.url })
    await admin.connect()
    await admin.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES ($1, '', $1, now())`,
      [name],
    )
    await admin.end()
    await expect(migrate(other.url)).rejects.toThrow(words)
    await other.drop()
  })
})

describe('a migration that needs a table which a long transaction holds', () => {
  test('lets readers pass while it waits, and is applied once the transaction ends', async () => {
    const other = await createTestDatabase()
    const holder = await holdTable(other)
    const reader = new pg.Client({ connectionString: other.url })
    await reader.connect()
    let isMigrated = false
    const migration = migrate(other.url, withOneMore()).finally(() => {
      isMigrated = true
    })
    // Each is answered while the migration still waits: it gives way.
    for (let round = 0; round < 20; round++) {
      await reader.query('SELECT count(*) FROM installation')
      expect(isMigrated).toBe(false)
      await new Promise((resolve) => setTimeout(resolve, 150))
    }
    await holder.query('COMMIT')
    expect(await migration).toEqual(['0002_more'])
    await Promise.all([holder.end(), reader.end()])
    await other.drop()
  })

  test('gives up after some tries, says why, and can be run again', { tags: 'release' }, async () => {
    const other = await createTestDatabase()
    const holder = await holdTable(other)
    const directory = withOneMore()
    await expect(migrate(other.url, directory)).rejects.toThrow('Another transaction holds a table')
    const applied = await holder.query('SELECT migration_name AS name FROM _prisma_migrations')
    expect(applied.rows).toEqual([{ name: '0001_initial' }])
    await holder.query('COMMIT')
    expect(await migrate(other.url, directory)).toEqual(['0002_more'])
    await holder.end()
    await other.drop()
  })
})

describe('a migration that failed', () => {
  let other: TestDatabase
  let admin: pg.Client

  beforeEach(async () => {
    other = await createTestDatabase()
    admin = new pg.Client({ connectionString: other.url })
    await admin.connect()
  })
  afterEach(async () => {
    await admin.end()
    await other.drop()
  })

  const tables = async () => (await admin.query(`SELECT to_regclass('half') AS half`)).rows

  test('leaves nothing behind, says what PostgreSQL said, and is applied by the next run once it is mended', async () => {
    const half = 'CREATE TABLE half (id int); SELECT 1 / 0;'
    await expect(migrate(other.url, withOneMore(half))).rejects.toThrow(
      'The migration 0002_more failed and was rolled back: division by zero. Mend the cause, then run it again.',
    )
    expect(await tables()).toEqual([{ half: null }])
    expect(await migrate(other.url, withOneMore('CREATE TABLE half (id int);'))).toEqual(['0002_more'])
    expect(await tables()).toEqual([{ half: 'half' }])
  })

  test('because its connection was cut is applied by the next run', async () => {
    const slow = migrate(other.url, withOneMore('CREATE TABLE half (id int); SELECT pg_sleep(60);'))
    const failed = expect(slow).rejects.toThrow('The migration 0002_more failed and was rolled back')
    const cut = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event = 'PgSleep'`
    await expect.poll(async () => (await admin.query(cut)).rowCount).toBe(1)
    await failed
    expect(await migrate(other.url, withOneMore('CREATE TABLE half (id int);'))).toEqual(['0002_more'])
  })

  test("by Prisma's own program is applied by the next run", async () => {
    await admin.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, logs) VALUES ('1', '', '0002_more', 'it failed')`,
    )
    expect(await migrate(other.url, withOneMore())).toEqual(['0002_more'])
    expect((await admin.query('SELECT FROM _prisma_migrations')).rowCount).toBe(2)
  })
})

describe('before anything is begun, a migration names', () => {
  const role = { name: 'concord_test_limited', password: 'of-tests-only' }
  let empty: TestDatabase
  let admin: pg.Client
  let limited: string

  beforeEach(async () => {
    empty = await createEmptyDatabase()
    admin = new pg.Client({ connectionString: empty.url })
    await admin.connect()
    await admin.query(`DO $$ BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${role.name}') THEN
        CREATE ROLE ${role.name} LOGIN PASSWORD '${role.password}';
      END IF;
    END $$`)
    limited = Object.assign(new URL(empty.url), { username: role.name, password: role.password }).toString()
  })
  afterEach(async () => {
    await admin.end()
    await empty.drop()
  })

  const database = () => `"${new URL(empty.url).pathname.slice(1)}"`
  const countTables = async () =>
    (await admin.query(`SELECT FROM pg_tables WHERE schemaname IN ('public', 'graphile_worker')`)).rowCount

  test('every right and extension that its role lacks; with them it needs no superuser', async () => {
    const refused = await migrate(limited).catch(String)
    expect(refused).toContain('Nothing was begun')
    expect(refused).toMatch(/GRANT CREATE ON DATABASE \w+ TO concord_test_limited/)
    expect(refused).toContain('GRANT USAGE, CREATE ON SCHEMA public TO concord_test_limited')
    expect(refused).toMatch(/The extension pg_trgm cannot be created.*permission denied/)
    expect(refused).toMatch(/The extension unaccent cannot be created.*permission denied/)
    expect(await countTables()).toBe(0)
    await admin.query(`GRANT CREATE ON DATABASE ${database()} TO ${role.name}`)
    await admin.query(`GRANT USAGE, CREATE ON SCHEMA public TO ${role.name}`)
    expect(await migrate(limited)).toContain('0001_initial')
  })

  test('an extension in a schema that its role may not use; in one that it may use, it is found', async () => {
    await admin.query(`GRANT CREATE ON DATABASE ${database()} TO ${role.name}`)
    await admin.query(`GRANT USAGE, CREATE ON SCHEMA public TO ${role.name}`)
    await admin.query(
      'CREATE SCHEMA apart; CREATE EXTENSION unaccent SCHEMA apart; CREATE EXTENSION pg_trgm SCHEMA apart',
    )
    await expect(migrate(limited)).rejects.toThrow('The extension unaccent is in the schema apart')
    expect(await countTables()).toBe(0)
    await admin.query(`GRANT USAGE ON SCHEMA apart TO ${role.name}`)
    expect(await migrate(limited)).toContain('0001_initial')
    expect((await admin.query(`SELECT fold('Schröder') AS folded`)).rows).toEqual([{ folded: 'schroder' }])
  })

  test("another role's tables, and a role of DATABASE_URL that is not there", async () => {
    await migrate(empty.url)
    await admin.query(
      `GRANT USAGE, CREATE ON SCHEMA public TO ${role.name}; GRANT SELECT ON _prisma_migrations TO ${role.name}`,
    )
    await expect(migrate(limited, withOneMore())).rejects.toThrow(/lacks a right: GRANT \w+ TO concord_test_limited/)
    await expect(migrateFor(empty.url, 'concord_nobody')).rejects.toThrow(
      'The role concord_nobody of DATABASE_URL is not there',
    )
  })

  test('a database that only reads', async () => {
    await admin.query(`ALTER DATABASE ${database()} SET default_transaction_read_only = on`)
    await expect(migrate(empty.url)).rejects.toThrow('The database is read-only')
  })
})

test('`npm run migrate` ends when it has said what it did', async () => {
  const empty = await createEmptyDatabase()
  const child = spawn(process.execPath, commandArgs('scripts/migrate'), {
    env: { ...process.env, DATABASE_URL: empty.url },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  const saidAt = Date.now()
  await once(child, 'exit')
  expect(child.exitCode).toBe(0)
  expect(Date.now() - saidAt).toBeLessThan(5_000)
  await empty.drop()
})
