import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { system } from '@/lib/actor'
import { callOrcidPublicly, publicToken } from '@/lib/calls/public-token'
import { findLiveToken } from '@/lib/grants/queries'
import { keyRing } from '@/lib/installation/commands'
import { makeStaffActor } from '@/tests/support/actors'
import { answeringPerFile } from '@/tests/support/answering-per-file'
import { addSealedGrants } from '@/tests/support/sealed-grants'

const token = '67884cd3-f4ca-4195-9d38-b9d5ccc16d5f'
const orcid = '0000-0002-1825-0097'
const staff = makeStaffActor({ orcid })

const other = '00000000-0000-4000-8000-000000000001'
const refused = (refusedToken: string) => ({
  status: 401,
  body: { error: 'invalid_token', error_description: `Invalid access token: ${refusedToken}` },
})

const { given, rows } = answeringPerFile()

describe('reading what is public', () => {
  const issued = (accessToken: string, expiresInS = 631138518) => ({
    status: 200,
    body: {
      access_token: accessToken,
      token_type: 'bearer',
      refresh_token: randomUUID(),
      expires_in: expiresInS,
      scope: '/read-public',
      orcid: null,
    },
  })
  const about = { path: `/${orcid}/person`, researcherId: null }
  const bearers = () => given.api.asked.map(({ headers }) => headers.authorization)

  test('one token is asked for, kept sealed, and used by everybody', async () => {
    given.api.next(issued(token))
    expect(await publicToken(system)).toBe(token)
    expect(await callOrcidPublicly(staff, about)).toMatchObject({ kind: 'ok' })
    expect(bearers()).toEqual([undefined, `Bearer ${token}`])
    expect(Object.fromEntries(new URLSearchParams(given.api.asked[0]?.body))).toMatchObject({
      grant_type: 'client_credentials',
      scope: '/read-public',
    })
    const [kept] = await rows('select * from client_token')
    expect(kept?.sealed_access_token).toMatch(/^c1\./)
    expect(JSON.stringify(kept)).not.toContain(token)
    expect(await rows('select method, path, purpose, outcome from orcid_call order by id')).toEqual([
      { method: 'POST', path: '/oauth/token', purpose: 'public', outcome: 'ok' },
      { method: 'GET', path: `/${orcid}/person`, purpose: 'public', outcome: 'ok' },
    ])
  })

  test('many who need the first one at once all get one', async () => {
    const askers = Array.from({ length: 8 }, () => publicToken(system))
    given.api.next(...askers.map(() => issued(token)))
    expect(await Promise.all(askers)).toEqual(askers.map(() => token))
  })

  test('a token that is about to end is renewed', async () => {
    given.api.next(issued(other, 3_000), issued(token))
    await publicToken(system)
    expect(await publicToken(system)).toBe(token)
  })

  test('that our token is refused is no word about the person: another one is used', async () => {
    given.api.next(issued(other))
    await publicToken(system)
    await rows(`update client_token set obtained_at = now() - interval '2 minutes'`)
    given.api.next(refused(other), issued(token))
    expect(await callOrcidPublicly(system, about)).toMatchObject({ kind: 'ok' })
  })

  test('a token that ORCID has just given and refuses is a fault of ORCID’s: no further one is asked for', async () => {
    given.api.next(issued(token), refused(token), refused(token))
    for (let times = 0; times < 2; times++)
      expect(await callOrcidPublicly(system, about)).toMatchObject({ kind: 'unavailable', reason: 'no_public_token' })
    expect(bearers()).toEqual([undefined, `Bearer ${token}`, `Bearer ${token}`])
  })

  test('credentials that ORCID refuses make it unavailable', async () => {
    given.api.next({ status: 401, body: { error: 'invalid_client' } })
    expect(await callOrcidPublicly(system, about)).toMatchObject({ kind: 'unavailable', reason: 'no_public_token' })
    expect(await rows('select outcome, status from orcid_call')).toEqual([{ outcome: 'invalid', status: 401 }])
  })
})

describe('the token of a person', () => {
  test('is the newest live one that permits what is wanted, in whatever words', async () => {
    const [person] = await addSealedGrants(given.client, keyRing(), 1)
    const { researcherId, grantId, accessToken } = person ?? { researcherId: '', grantId: '', accessToken: '' }
    const found = { grantId, token: accessToken }
    expect(await findLiveToken(system, researcherId, ['/read-limited'])).toEqual(found)
    expect(await findLiveToken(system, researcherId, ['/affiliations/update', '/read-public'])).toEqual(found)
    expect(await findLiveToken(system, researcherId, ['/email/read-private'])).toBeNull()
    await given.client.query(`update "grant" set expires_at = now() - interval '1 minute'`)
    expect(await findLiveToken(system, researcherId, ['/read-limited'])).toBeNull()
    expect(await findLiveToken(system, randomUUID(), [])).toBeNull()
  })
})
