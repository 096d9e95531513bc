import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { system } from '@/lib/actor'
import { checkGrant } from '@/lib/checks/commands'
import { closePool } from '@/lib/db'
import { keyRing, prepareInstallation } from '@/lib/installation/commands'
import { type AnsweringApi, startAnsweringApi } from '@/tests/support/answering-api'
import { emptyTables, type TestDatabase } from '@/tests/support/database'
import { useOwnDatabase } from '@/tests/support/researchers'
import { addSealedGrants, type SealedPerson } from '@/tests/support/sealed-grants'

/** The client of the grants, which is not the current one any more. */
const former = 'APP-TESTCONCORD00001'
const current = 'APP-0123456789ABCDEF'
const ourToken = '67884cd3-f4ca-4195-9d38-b9d5ccc16d5f'

let database: TestDatabase
let client: pg.Client
let api: AnsweringApi
let person: SealedPerson

beforeAll(async () => {
  ;[database, api] = await Promise.all([useOwnDatabase(), startAnsweringApi()])
  const settings = { DATABASE_URL: database.portalUrl, ORCID_ISSUER: api.url, ORCID_API_URL: `${api.url}/v3.0` }
  const clients = { ORCID_CLIENT_ID: current, ORCID_RETIRED_CLIENTS: `${former}:a-former-secret` }
  Object.assign(process.env, settings, clients, { LOG_LEVEL: 'silent' })
  client = new pg.Client({ connectionString: database.url })
  await client.connect()
  await prepareInstallation()
})

afterAll(async () => {
  await closePool()
  await client.end()
  await Promise.all([database.drop(), api.close()])
})

beforeEach(async () => {
  await emptyTables(client)
  api.always('good')
  const [first] = await addSealedGrants(client, keyRing(), 1)
  if (!first) throw new Error('Nobody was added')
  person = first
})

const rows = async (sql: string) => (await client.query(sql)).rows
const forbidden = {
  status: 403,
  body: {
    error: 'forbidden',
    error_description: 'Forbidden: The server understood the request but refuses to authorize it.',
  },
}
const refused = () => ({
  status: 401,
  body: { error: 'invalid_token', error_description: `Invalid access token: ${person.accessToken}` },
})
const issued = {
  status: 200,
  body: { access_token: ourToken, token_type: 'bearer', expires_in: 631138518, scope: '/read-public', orcid: null },
}
const check = () => checkGrant(system, person.grantId, 'staff')
const grant = async () => (await rows('select state::text, finding::text from "grant"'))[0]
const suspicions = () => rows('select refusals from suspicion')

describe('a client that ORCID refuses', () => {
  test('says nothing about the permission that it holds', async () => {
    api.next(forbidden)
    expect(await check()).toBe('unanswered')
    expect([await grant(), await suspicions()]).toEqual([{ state: 'live', finding: null }, []])
    expect(await rows('select outcome::text, status from orcid_call')).toEqual([
      { outcome: 'client_refused', status: 403 },
    ])
  })

  test('is no outage of ORCID for other clients', async () => {
    api.always(forbidden)
    for (let times = 0; times < 10; times++) await check()
    expect(await rows('select failures, circuit_open_until from orcid_rate_limit')).toEqual([
      { failures: 0, circuit_open_until: null },
    ])
  })
})

describe('the control request after a refusal', () => {
  test('is made by the client of the grant', async () => {
    api.next(refused(), issued, forbidden)
    await check()
    const asked = Object.fromEntries(new URLSearchParams(api.asked[1]?.body))
    expect(asked).toMatchObject({ client_id: former, client_secret: 'a-former-secret', scope: '/read-public' })
    expect(await rows('select id from client_token')).toEqual([{ id: former }])
  })

  test('clears the person where ORCID refuses that client, or gives it no token', async () => {
    for (const answers of [[issued, forbidden], [{ status: 401, body: { error: 'invalid_client' } }]]) {
      await rows('delete from client_token')
      api.always('good')
      api.next(refused(), ...answers)
      expect(await check()).toBe('unanswered')
      expect([await grant(), await suspicions()]).toEqual([{ state: 'live', finding: null }, []])
    }
  })
})

test('refusals are as far apart as the clock of the database says, whatever that of a process does', async () => {
  const details = { status: 200, body: { path: `/9000-0000-0000-0000/personal-details` } }
  const userinfo = { status: 403, body: { error: 'access_denied', 'error-description': 'access_token is invalid' } }
  const now = Date.now()
  try {
    for (const aheadMs of [0, 13 * 3_600_000, 26 * 3_600_000]) {
      vi.useFakeTimers({ toFake: ['Date'], now: now + aheadMs })
      api.next(refused(), ...(aheadMs === 0 ? [issued] : []), details, userinfo)
      expect(await check()).toBe('being_checked')
    }
  } finally {
    vi.useRealTimers()
  }
  expect(await suspicions()).toEqual([{ refusals: 1 }])
})
