import { describe, expect, test } from 'vitest'
import { ADA, CALLBACK, MEMBER, NAMELESS, PETRA_PRIVATE, PUBLIC, readAdminState, setUpRegistry } from './trial'
import { exchange, getCode, getTokens, postForm, readClaims } from './visitor'

const trial = setUpRegistry()
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const GENERIC = 'One of the provided parameters is invalid, or, the provided token/code is invalid or expired'

test('a code is exchanged for a fresh pair that lasts twenty years', async () => {
  const answer = await exchange(trial, await getCode(trial))
  expect(answer.status).toBe(200)
  expect(answer.headers.get('Content-Type')).toContain('application/json')
  expect(answer.headers.get('Cache-Control')).toBe('no-store')
  const body = await answer.json()
  expect(Object.keys(body)).toEqual([
    'access_token',
    'token_type',
    'refresh_token',
    'expires_in',
    'scope',
    'name',
    'orcid',
    'id_token',
  ])
  expect(body).toMatchObject({ token_type: 'bearer', expires_in: 631138518, name: 'Ada Q. Example', orcid: ADA })
  expect(body.access_token).toMatch(UUID)
  expect(body.refresh_token).toMatch(UUID)
})

test('every authorization gives another pair and the older ones stay good', async () => {
  const [one, other] = [await getTokens(trial), await getTokens(trial)]
  expect(one.access_token).not.toBe(other.access_token)
  expect((await readAdminState(trial)).tokens.map((token) => token.live)).toEqual([true, true])
})

test('the scopes come back as a set, in no particular order', async () => {
  const orders = new Set<string>()
  for (let turn = 0; turn < 40 && orders.size < 2; turn += 1) orders.add((await getTokens(trial)).scope)
  expect(orders.size).toBe(2)
  for (const order of orders) expect(order.split(' ').sort()).toEqual(['/activities/update', '/read-limited', 'openid'])
})

test('a private name is null and a missing name is empty', async () => {
  expect((await getTokens(trial, PETRA_PRIVATE)).name).toBeNull()
  expect((await getTokens(trial, NAMELESS)).name).toBe('')
})

test('the id_token has ORCID’s header and claims', async () => {
  const { id_token } = await getTokens(trial)
  const header = JSON.parse(Buffer.from(id_token?.split('.')[0] ?? '', 'base64url').toString())
  expect(Object.keys(header)).toEqual(['kid', 'alg'])
  const claims = readClaims(id_token)
  expect(claims).toMatchObject({ aud: MEMBER.id, sub: ADA, iss: trial.url, amr: 'pwd', nonce: 'a nonce' })
  expect(claims).toMatchObject({ name: 'Ada Q. Example', given_name: 'Ada Quill', family_name: 'Example' })
  expect(Number(claims.exp) - Number(claims.iat)).toBe(86_400)
  expect(claims.auth_time).toBeTypeOf('number')
  expect(claims.jti).toMatch(UUID)
})

test('an id_token comes only with openid, amr only for members, names only when public', async () => {
  expect(await getTokens(trial, ADA, { scope: '/read-limited' })).not.toHaveProperty('id_token')
  const forPublic = await getTokens(trial, ADA, { scope: 'openid', client_id: PUBLIC.id })
  expect(readClaims(forPublic.id_token)).not.toHaveProperty('amr')
  const hidden = readClaims((await getTokens(trial, PETRA_PRIVATE)).id_token)
  for (const claim of ['name', 'given_name', 'family_name']) expect(hidden).not.toHaveProperty(claim)
})

test('a second use of a code is refused and disables what the first one gave', async () => {
  const code = await getCode(trial)
  expect((await exchange(trial, code)).status).toBe(200)
  const again = await exchange(trial, code)
  expect(again.status).toBe(400)
  expect(await again.json()).toEqual({
    error: 'invalid_grant',
    error_description: `Reused authorization code: ${code}`,
  })
  const { tokens, tokenRequests } = await readAdminState(trial)
  expect(tokens).toMatchObject([{ live: false, revokedBecause: 'AUTH_CODE_REUSED' }])
  expect(tokenRequests.map((request) => request.outcome)).toEqual(['issued', 'reused'])
})

describe('a refusal', () => {
  test.each([
    ['no grant type', { grant_type: null }, 400, 'unsupported_grant_type', 'grant_type is missing'],
    [
      'another grant type',
      { grant_type: 'password' },
      400,
      'unsupported_grant_type',
      'Unsupported grant type: password',
    ],
    ['no client id', { client_id: null }, 401, 'invalid_request', 'client_id is required'],
    ['no client secret', { client_secret: null }, 401, 'invalid_request', 'client_secret is required'],
    ['an unknown client', { client_id: 'APP-X' }, 401, 'invalid_client', 'Client authentication failed'],
    ['a wrong secret', { client_secret: 'x' }, 401, 'invalid_client', 'Client authentication failed'],
    ['an unknown code', { code: 'constructor' }, 400, 'invalid_grant', 'Invalid authorization code: constructor'],
    ['no code', { code: null }, 400, 'invalid_grant', GENERIC],
    ['a missing redirect URI', { redirect_uri: null }, 400, 'invalid_grant', GENERIC],
    ['another redirect URI', { redirect_uri: `${CALLBACK}/x` }, 400, 'invalid_grant', GENERIC],
    ['another client', { client_id: PUBLIC.id }, 400, 'invalid_grant', GENERIC],
  ])('of %s has ORCID’s status, error and text', async (_, changed, status, error, description) => {
    const answer = await exchange(trial, await getCode(trial), changed)
    expect(answer.status).toBe(status)
    expect(await answer.json()).toEqual({ error, error_description: description })
    expect((await readAdminState(trial)).tokens).toEqual([])
  })

  test('burns the code when the redirect URI differs', async () => {
    const code = await getCode(trial)
    await exchange(trial, code, { redirect_uri: 'https://portal.example.org/other' })
    expect((await exchange(trial, code)).status).toBe(400)
  })

  test('meets a code that is older than ten minutes', async () => {
    const [code, late] = [await getCode(trial), await getCode(trial)]
    trial.passS(590)
    expect((await exchange(trial, code)).status).toBe(200)
    trial.passS(20)
    expect(await (await exchange(trial, late)).json()).toEqual({ error: 'invalid_grant', error_description: GENERIC })
  })
})

test('anything but a form is answered with 415 and a page', async () => {
  const answer = await fetch(`${trial.url}/oauth/token`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{}',
  })
  expect(answer.status).toBe(415)
  expect(answer.headers.get('Content-Type')).toContain('text/html')
  expect(answer.headers.get('Accept')).toBe('application/x-www-form-urlencoded')
})

describe('an Authorization header', () => {
  const basic = (id: string, secret: string) => ({
    Authorization: `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`,
  })

  test('with Basic credentials works without form fields', async () => {
    const none = { client_id: null, client_secret: null }
    const answer = await exchange(trial, await getCode(trial), none, basic(MEMBER.id, MEMBER.secret))
    expect(answer.status).toBe(200)
  })

  test('is the credential whatever it holds: good form fields beside it do not help', async () => {
    for (const headers of [{ Authorization: 'Bearer x' }, basic(MEMBER.id, 'x'), { Authorization: 'Basic !' }]) {
      const answer = await exchange(trial, await getCode(trial), {}, headers)
      expect(answer.status).toBe(401)
      expect(await answer.text()).toBe('{"error_description":"Client authentication failed","error":"invalid_client"}')
    }
  })
})

test('every request is on record, refused ones too', async () => {
  await postForm(trial, '/oauth/token', {})
  await exchange(trial, 'AbC123')
  expect((await readAdminState(trial)).tokenRequests).toMatchObject([
    { grantType: null, code: null, outcome: 'unsupported_grant_type', fault: null },
    { grantType: 'authorization_code', code: 'AbC123', outcome: 'invalid_grant', fault: null },
  ])
})

describe('a registry that is told not to be strict', () => {
  const lenient = setUpRegistry({ strictRedirectUri: false })

  test('accepts an exchange without redirect URI, as the older server did, but not with another one', async () => {
    expect((await exchange(lenient, await getCode(lenient), { redirect_uri: null })).status).toBe(200)
    const other = await exchange(lenient, await getCode(lenient), { redirect_uri: `${CALLBACK}/x` })
    expect(other.status).toBe(400)
  })
})
