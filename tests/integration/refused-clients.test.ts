import { beforeEach, describe, expect, test, vi } from 'vitest'
import { system } from '@/lib/actor'
import { checkGrant } from '@/lib/checks/commands'
import { keyRing } from '@/lib/installation/commands'
import { answeringPerFile } from '@/tests/support/answering-per-file'
import { addSealedGrants, type SealedPerson } from '@/tests/support/sealed-grants'

/** The client of the grants, which is not the current one any more. */
const former = 'APP-TESTCONCORD00001'
const current = 'APP-0123456789ABCDEF'
const ourToken = '67884cd3-f4ca-4195-9d38-b9d5ccc16d5f'

const { given, rows } = answeringPerFile({
  ORCID_CLIENT_ID: current,
  ORCID_RETIRED_CLIENTS: `${former}:a-former-secret`,
})
let person: SealedPerson

beforeEach(async () => {
  const [first] = await addSealedGrants(given.client, keyRing(), 1)
  if (!first) throw new Error('Nobody was added')
  person = first
})

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
    given.api.next(forbidden)
    expect(await check()).toBe('unanswered')
    expect([await grant(), await suspicions()]).toEqual([{ state: 'live', finding: null }, []])
    expect(await rows('select outcome::text, status from orcid_call')).toEqual([
      { outcome: 'client_refused', status: 403 },
    ])
  })

  test('is no outage of ORCID for other clients', async () => {
    given.api.always(forbidden)
    for (let times = 0; times < 10; times++) await check()
    expect(await rows('select failures, circuit_open_until from orcid_rate_limit')).toEqual([
      { failures: 0, circuit_open_until: null },
    ])
  })
})

describe('the control request after a refusal', () => {
  test('is made by the client of the grant', async () => {
    given.api.next(refused(), issued, forbidden)
    await check()
    const asked = Object.fromEntries(new URLSearchParams(given.api.asked[1]?.body))
    expect(asked).toMatchObject({ client_id: former, client_secret: 'a-former-secret', scope: '/read-public' })
    expect(await rows('select id from client_token')).toEqual([{ id: former }])
  })

  test('clears the person where ORCID refuses that client, or gives it no token', async () => {
    for (const answers of [[issued, forbidden], [{ status: 401, body: { error: 'invalid_client' } }]]) {
      await rows('delete from client_token')
      given.api.always('good')
      given.api.next(refused(), ...answers)
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
      given.api.next(refused(), ...(aheadMs === 0 ? [issued] : []), details, userinfo)
      expect(await check()).toBe('being_checked')
    }
  } finally {
    vi.useRealTimers()
  }
  expect(await suspicions()).toEqual([{ refusals: 1 }])
})
