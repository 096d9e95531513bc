import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { listDerivedFaults } from '@/lib/grants/derived'
import { parseOrcid } from '@/lib/orcid/id'
import { conflictsSql } from '@/lib/researchers/conflicts'
import { isSeeded, seed } from '@/prisma/seed'
import { commandArgs } from '@/tests/support/command'
import { createTestDatabase, type TestDatabase } from '@/tests/support/database'

const now = new Date('2026-05-04T10:00:00Z')

let database: TestDatabase
let client: pg.Client

async function connect(url: string): Promise<pg.Client> {
  const opened = new pg.Client({ connectionString: url })
  await opened.connect()
  return opened
}

async function rows<T extends object>(sql: string, from = client): Promise<T[]> {
  return (await from.query<T>(sql)).rows
}

beforeAll(async () => {
  database = await createTestDatabase()
  await seed(database.url, { researchers: 500, seed: 7, now })
  client = await connect(database.url)
})

afterAll(async () => {
  await client.end()
  await database.drop()
})

describe('a seeded database', () => {
  test('has the people that were asked for, in the states that a real portal has', async () => {
    const states = await rows('SELECT state, count(*)::int AS count FROM researcher GROUP BY state ORDER BY count DESC')
    expect(states).toEqual([
      { state: 'connected', count: 390 },
      { state: 'identity_only', count: 70 },
      { state: 'withdrawn', count: 30 },
      { state: 'expired', count: 10 },
    ])
  })

  test('says of every researcher what their grants say, as `npm run check:derived` finds', async () => {
    const env = { ...process.env, DATABASE_URL: database.url }
    const { stdout } = await promisify(execFile)(process.execPath, commandArgs('scripts/check-derived'), { env })
    expect(stdout).toBe('All that is derived agrees with what it follows from\n')
    expect(await listDerivedFaults(client)).toEqual([])
  })

  test('is seen to be wrong in each place where somebody changed it by hand', async () => {
    const broken = [
      { column: 'liveScopes', sql: `SET live_scopes = '{/read-limited}' WHERE state = 'identity_only'` },
      {
        column: 'firstConnectedAt',
        sql: `SET first_connected_at = first_connected_at + interval '1 ms' WHERE state = 'connected'`,
      },
      { column: 'unansweredSince', sql: `SET unanswered_since = now() WHERE unanswered_since IS NULL` },
    ]
    for (const { column, sql } of broken) {
      const [where, set] = [sql.split('WHERE')[1], sql.split('WHERE')[0]]
      const [before] = await rows<{ id: string; row: object }>(
        `SELECT id, to_jsonb(r) AS row FROM researcher r WHERE ${where} ORDER BY id LIMIT 1`,
      )
      await client.query(`UPDATE researcher ${set} WHERE id = $1`, [before?.id])
      expect(await listDerivedFaults(client)).toEqual([
        expect.objectContaining({ of: `researcher ${before?.id}`, column }),
      ])
      await client.query(
        `UPDATE researcher r SET (live_scopes, first_connected_at, unanswered_since) = (o.live_scopes, o.first_connected_at, o.unanswered_since)
         FROM jsonb_populate_record(NULL::researcher, $1) o WHERE r.id = o.id`,
        [before?.row],
      )
    }
    const first = '(SELECT min(orcid) FROM researcher)'
    await client.query(`UPDATE researcher SET staff_only = true WHERE orcid = ${first}`)
    expect((await listDerivedFaults(client)).map(({ column }) => column)).toEqual(['staff_only'])
    await client.query(`UPDATE researcher SET staff_only = false WHERE orcid = ${first}`)
    await client.query(`ALTER TABLE researcher DISABLE TRIGGER USER`)
    await client.query(
      `UPDATE researcher SET conflict = NOT conflict WHERE orcid = (SELECT min(orcid) FROM researcher)`,
    )
    expect((await listDerivedFaults(client)).map(({ column }) => column)).toEqual(['conflict'])
    await client.query(
      `UPDATE researcher SET conflict = NOT conflict WHERE orcid = (SELECT min(orcid) FROM researcher)`,
    )
    await client.query(`ALTER TABLE researcher ENABLE TRIGGER USER`)
    expect(await listDerivedFaults(client)).toEqual([])
  })

  test('says who is in conflict after statements that change many rows at once', async () => {
    const marked = async () => (await rows('SELECT 1 FROM researcher WHERE conflict')).length
    const before = await marked()
    await client.query('BEGIN')
    const statements = [
      `UPDATE researcher SET state = 'withdrawn' WHERE orcid LIKE '%7'`,
      `INSERT INTO researcher (orcid, registry, state, finding)
       SELECT '0000-0099-' || lpad(n::text, 4, '0') || '-0000', 'local', 'connected', 'wrong_record' FROM generate_series(1, 50) n`,
      `UPDATE researcher SET merged_into_id = (SELECT min(id::text)::uuid FROM researcher WHERE state = 'connected')
       WHERE orcid LIKE '%3'`,
      `DELETE FROM researcher WHERE orcid LIKE '0000-0099-%2-0000'`,
      `UPDATE researcher SET merged_into_id = NULL`,
    ]
    const counts: number[] = []
    for (const statement of statements) {
      await client.query(statement)
      const { rows: wrong } = await client.query(
        `WITH expected AS (${conflictsSql}) SELECT r.id FROM researcher r LEFT JOIN expected e ON e.id = r.id
         WHERE r.conflict <> (e.id IS NOT NULL)`,
      )
      expect(wrong, statement).toEqual([])
      counts.push(await marked())
    }
    await client.query('ROLLBACK')
    expect(counts[1]).toBe(before + 50)
    expect(counts[2]).toBeGreaterThan(before + 60)
    expect(counts.at(-1)).toBeLessThan(counts[2] ?? 0)
  })

  test('has well-formed iDs that ORCID gives to nobody, some of which end in X and some start with 0009', async () => {
    const orcids = (await rows<{ orcid: string }>('SELECT orcid FROM researcher')).map(({ orcid }) => orcid)
    expect(orcids.filter((orcid) => parseOrcid(orcid) !== orcid)).toEqual([])
    expect(orcids.some((orcid) => orcid.endsWith('X'))).toBe(true)
    expect(orcids.some((orcid) => orcid.startsWith('0009-9'))).toBe(true)
    const numbers = orcids.map((orcid) => Number(orcid.replaceAll('-', '').slice(0, 15)))
    const given = (n: number) => (n >= 15e6 && n <= 35e6) || (n >= 9e11 && n <= 9.001e11)
    expect(numbers.filter(given)).toEqual([])
  })

  test('holds no token and nothing in the future but expiry', async () => {
    expect(
      await rows('SELECT 1 FROM "grant" WHERE sealed_access_token IS NOT NULL OR sealed_response IS NOT NULL'),
    ).toEqual([])
    const late = `'${now.toISOString()}'::timestamptz`
    expect(await rows(`SELECT 1 FROM audit_event WHERE at > ${late}`)).toEqual([])
    expect(await rows(`SELECT 1 FROM "grant" WHERE state = 'live' AND expires_at < ${late}`)).toEqual([])
  })

  test('has items in the states that they have in the end, and none with anything to do for a person who permits it', async () => {
    const states = await rows<{ state: string; count: number }>(
      'SELECT state, count(*)::int AS count FROM affiliation GROUP BY state ORDER BY count DESC',
    )
    expect(states.map(({ state }) => state).toSorted()).toEqual([
      'deleted',
      'deleted_by_person',
      'in_orcid',
      'no_permission',
      'person_withdrew',
      'refused',
    ])
    expect(states[0]).toMatchObject({ state: 'in_orcid' })
    const ids = await rows<{ id: string }>('SELECT id::text FROM affiliation')
    expect(ids.filter(({ id }) => !z.uuid().safeParse(id).success)).toEqual([])
    const held = `a.state IN ('no_permission', 'person_withdrew')`
    expect(
      await rows(`SELECT 1 FROM affiliation a JOIN researcher r ON r.id = a.researcher_id
                  WHERE ${held} AND '/activities/update' = ANY (r.live_scopes)`),
    ).toEqual([])
    expect(
      await rows(
        `SELECT 1 FROM affiliation WHERE greatest(changed_at, written_at, checked_at) > '${now.toISOString()}'`,
      ),
    ).toEqual([])
  })

  test('tells its history in the order in which it happened', async () => {
    const wrong = await rows(
      'SELECT 1 FROM (SELECT at, lag(at) OVER (ORDER BY id) AS before FROM audit_event) e WHERE before > at',
    )
    expect(wrong).toEqual([])
  })

  test('is not seeded twice', async () => {
    expect(await isSeeded(database.url)).toBe(true)
    await expect(seed(database.url, { researchers: 1, now })).rejects.toThrow('seeded already')
  })
})

test('the same seed gives the same people', async () => {
  const other = await createTestDatabase()
  await seed(other.url, { researchers: 500, seed: 7, now })
  const admin = await connect(other.url)
  for (const table of ['researcher', 'affiliation']) {
    const digest = `SELECT md5(string_agg(r::text, ',' ORDER BY id)) AS digest FROM ${table} r`
    expect(await rows(digest, admin)).toEqual(await rows(digest))
  }
  await admin.end()
  await other.drop()
})

test('a database with a real grant is refused and left as it was', async () => {
  const real = await createTestDatabase()
  const admin = await connect(real.url)
  await admin.query(`
    WITH r AS (INSERT INTO researcher (orcid, registry, state) VALUES ('0000-0002-1825-0097', 'local', 'connected') RETURNING id),
    a AS (INSERT INTO authorization_attempt (reference, purpose, registry, client_id, redirect_uri, locale, secret_hash, state_hash, expires_at)
          VALUES ('REAL-0001', 'connect', 'local', 'APP-REAL', 'http://x', 'en', 's', 't', now()) RETURNING id)
    INSERT INTO "grant" (researcher_id, attempt_id, registry, client_id, access_token_hash, granted_at, expires_at)
    SELECT r.id, a.id, 'local', 'APP-REAL', 'h', now(), now() FROM r, a`)
  await expect(seed(real.url, { researchers: 10, now })).rejects.toThrow('holds real grants')
  expect(await rows('SELECT count(*)::int AS count FROM researcher', admin)).toEqual([{ count: 1 }])
  await admin.end()
  await real.drop()
})
