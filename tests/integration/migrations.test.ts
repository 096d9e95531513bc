import { cpSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compareMigrations } from '@/lib/installation/schema'
import { listMissingMigrations, migrate, schemaDrift } from '@/scripts/migrations'
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

/** The migrations and one more, which alters a table. */
function withOneMore(): string {
  const directory = mkdtempSync(join(tmpdir(), 'concord-migrations-'))
  cpSync('prisma/migrations', directory, { recursive: true })
  mkdirSync(join(directory, '0002_more'))
  writeFileSync(join(directory, '0002_more', 'migration.sql'), 'ALTER TABLE installation ADD COLUMN more TEXT;')
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

  test('gives up after some tries, says why, and can be run again', async () => {
    const other = await createTestDatabase()
    const holder = await holdTable(other)
    const directory = withOneMore()
    await expect(migrate(other.url, directory)).rejects.toThrow('Another transaction holds a table')
    expect(await listMissingMigrations(other.url, directory)).toEqual(['0002_more'])
    await holder.query('COMMIT')
    expect(await migrate(other.url, directory)).toEqual(['0002_more'])
    await holder.end()
    await other.drop()
  })
})
