import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type CheckedGrant, deriveConnection, deriveStanding, type GrantFacts } from '@/lib/grants/grant'
import { parseOrcid } from '@/lib/orcid/id'
import { isSeeded, seed } from '@/prisma/seed'
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

  test('says of every researcher what their grants say', async () => {
    type Person = { id: string; facts: unknown; grants: (GrantFacts & CheckedGrant)[] }
    const people = await rows<Person>(`
      SELECT r.id, json_build_object('state', r.state, 'liveScopes', r.live_scopes, 'connectedAt', r.connected_at,
               'expiresAt', r.expires_at, 'withdrawnAt', r.withdrawn_at, 'finding', r.finding, 'lastCheckedAt', r.last_checked_at,
               'unansweredSince', r.unanswered_since) AS facts,
             json_agg(json_build_object('id', g.id, 'state', g.state, 'scopes', g.scopes, 'grantedAt', g.granted_at,
               'expiresAt', g.expires_at, 'endedAt', g.ended_at, 'finding', g.finding, 'lastCheckedAt', g.last_checked_at,
               'unansweredSince', g.unanswered_since)) AS grants
      FROM researcher r JOIN "grant" g ON g.researcher_id = r.id GROUP BY r.id`)
    expect(people).toHaveLength(500)
    const toDate = (text: unknown) => (text === null ? null : new Date(String(text)))
    for (const { facts, grants } of people) {
      const dated = grants.map((grant) => ({
        ...grant,
        grantedAt: new Date(grant.grantedAt),
        expiresAt: new Date(grant.expiresAt),
        endedAt: toDate(grant.endedAt),
        lastCheckedAt: toDate(grant.lastCheckedAt),
      }))
      const said = facts as Record<string, unknown>
      const times = ['connectedAt', 'expiresAt', 'withdrawnAt', 'lastCheckedAt'].map((name) => [
        name,
        toDate(said[name]),
      ])
      expect({ ...said, ...Object.fromEntries(times) }).toEqual({
        ...deriveConnection(dated),
        ...deriveStanding(dated),
      })
    }
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
