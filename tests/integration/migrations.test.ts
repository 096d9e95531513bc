import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { migrate, schemaDrift } from '@/scripts/migrations'
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
    await admin.query('ALTER TABLE researcher DROP COLUMN name')
    await admin.end()
    expect(await schemaDrift(other.url)).toContain('ADD COLUMN     "name" TEXT')
    await other.drop()
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
