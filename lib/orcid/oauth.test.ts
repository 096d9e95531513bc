import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  exchangeCodeRequest,
  orcidEndpoints,
  processRevokeResponse,
  processTokenResponse,
  refreshTokensRequest,
  revokeRequest,
} from './oauth'

const client = { issuer: 'https://sandbox.orcid.org', clientId: 'APP-0123456789ABCDEF', clientSecret: 'a & b=c' }
const accessToken = '67884cd3-f4ca-4195-9d38-b9d5ccc16d5f'
const answer = {
  access_token: accessToken,
  token_type: 'bearer',
  refresh_token: '4470d1ff-c817-45c1-86d1-b9062669c7cb',
  expires_in: 631138518,
  scope: '/read-limited openid /activities/update',
  name: 'Sofia Maria Hernandez Garcia',
  orcid: '0000-0002-9227-8514',
  id_token: 'aaa.bbb.ccc',
}

function process(changes: Record<string, unknown>, status = 200) {
  return processTokenResponse(status, JSON.stringify({ ...answer, ...changes }))
}

function issuedTokens(changes: Record<string, unknown>) {
  const outcome = process(changes)
  if (outcome.kind !== 'issued') throw new Error(`expected tokens, got ${JSON.stringify(outcome)}`)
  return outcome.tokens
}

const malformed = { kind: 'unknown', reason: 'malformed', accessToken }

test('the exchange sends the credentials and the redirect URI in the form, and nothing else', () => {
  const redirectUri = 'https://portal.example.org/api/auth/callback/orcid?a=1'
  const request = exchangeCodeRequest(client, { code: 'AbC+12', redirectUri })
  expect(request).toMatchObject({ method: 'POST', url: 'https://sandbox.orcid.org/oauth/token' })
  expect(Object.fromEntries(new URLSearchParams(request.body ?? ''))).toEqual({
    client_id: 'APP-0123456789ABCDEF',
    client_secret: 'a & b=c',
    grant_type: 'authorization_code',
    code: 'AbC+12',
    redirect_uri: redirectUri,
  })
})

test('asking for less sends the refresh token and the scopes, and neither what ORCID drops nor a Bearer header', () => {
  const request = refreshTokensRequest(client, { refreshToken: 'r-1', scopes: ['/authenticate', '/read-limited'] })
  expect(request).toMatchObject({ method: 'POST', url: 'https://sandbox.orcid.org/oauth/token' })
  expect(request.bearer).toBeUndefined()
  expect(Object.fromEntries(new URLSearchParams(request.body ?? ''))).toEqual({
    client_id: 'APP-0123456789ABCDEF',
    client_secret: 'a & b=c',
    grant_type: 'refresh_token',
    refresh_token: 'r-1',
    scope: '/authenticate /read-limited',
  })
})

test('revoking sends the credentials and the token in the form', () => {
  const request = revokeRequest(client, accessToken)
  expect(request).toMatchObject({ method: 'POST', url: 'https://sandbox.orcid.org/oauth/revoke' })
  expect(Object.fromEntries(new URLSearchParams(request.body ?? ''))).toEqual({
    client_id: 'APP-0123456789ABCDEF',
    client_secret: 'a & b=c',
    token: accessToken,
  })
})

test('the addresses are those below the issuer, with or without its slash', () => {
  expect(orcidEndpoints('https://orcid.org/')).toEqual(orcidEndpoints('https://orcid.org'))
  expect(orcidEndpoints('https://orcid.org').discovery).toBe('https://orcid.org/.well-known/openid-configuration')
  expect(orcidEndpoints('https://orcid.org').jwks).toBe('https://orcid.org/oauth/jwks')
})

test('a published token response is read whole', () => {
  expect(issuedTokens({})).toEqual({
    accessToken,
    refreshToken: '4470d1ff-c817-45c1-86d1-b9062669c7cb',
    scopes: ['/activities/update', '/read-limited', 'openid'],
    expiresInS: 631138518,
    name: 'Sofia Maria Hernandez Garcia',
    orcid: '0000-0002-9227-8514',
    idToken: 'aaa.bbb.ccc',
    raw: answer,
  })
})

test.each([
  ['empty', ''],
  ['null', null],
  ['absent', undefined],
  ['blank', ' \t '],
])('a name that is %s is no name', (_, name) => {
  expect(issuedTokens({ name }).name).toBeNull()
})

test('a name is trimmed and freed of control characters, and otherwise left alone', () => {
  expect(issuedTokens({ name: '  ליאורה כהן ' }).name).toBe('ליאורה כהן')
  expect(issuedTokens({ name: 'Ada\u0000\nLovelace' }).name).toBe('Ada Lovelace')
})

test('the lifetime may be a number or a numeric text', () => {
  expect(issuedTokens({ expires_in: '631138518' }).expiresInS).toBe(631138518)
  expect(issuedTokens({ expires_in: 3599 }).expiresInS).toBe(3599)
})

test.each([0, -1, '0', '-5', '', 'soon', '1e3', '0x10', ' 5', '99999999999', 1e300, null, undefined, true, [5]])(
  'a lifetime of %j makes the answer unusable and gives the token back for revoking',
  (expires_in) => {
    expect(process({ expires_in })).toEqual(malformed)
  },
)

test.each([
  ['an iD with a wrong check character', { orcid: '0000-0002-9227-8515' }],
  ['no iD', { orcid: null }],
  ['another token type', { token_type: 'mac' }],
  ['no token type', { token_type: undefined }],
  ['no scope', { scope: undefined }],
  ['an empty scope', { scope: ' ' }],
  ['a scope that no database can store', { scope: '/read-limited\u0000' }],
  ['a list of scopes', { scope: ['openid'] }],
  ['a number for a name', { name: 7 }],
  ['a number for a refresh token', { refresh_token: 7 }],
])('an answer with %s is unusable and gives the token back for revoking', (_, changes) => {
  expect(process(changes)).toEqual(malformed)
})

test.each([undefined, null, '', 7])(
  'an answer whose access token is %j is unusable and has no token to give back',
  (token) => {
    expect(process({ access_token: token })).toEqual({ ...malformed, accessToken: null })
  },
)

test('optional fields may be missing, the token type may be in any case, and unknown fields are kept', () => {
  const tokens = issuedTokens({
    refresh_token: undefined,
    id_token: null,
    token_type: 'Bearer',
    tokenVersion: { a: [1] },
  })
  expect(tokens).toMatchObject({ refreshToken: null, idToken: null })
  expect(tokens.raw.tokenVersion).toEqual({ a: [1] })
})

test('scopes are the same sorted set in whatever order they come', () => {
  const scopes = fc.shuffledSubarray(['openid', '/read-limited', '/activities/update', '/person/update'], {
    minLength: 1,
  })
  fc.assert(
    fc.property(scopes, (order) => {
      expect(issuedTokens({ scope: order.join(' ') }).scopes).toEqual([...order].sort())
    }),
  )
})

test('whatever is sent with status 200 is judged without throwing, and nothing but a whole answer issues', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (body) => {
      expect(processTokenResponse(200, body)).toEqual({ ...malformed, accessToken: null })
    }),
  )
}, 30_000)

test('a torn body gives up its access token as soon as the closing quote has arrived, and not before', () => {
  const body = JSON.stringify(answer)
  const closedAt = body.indexOf(accessToken) + accessToken.length + 1
  for (let length = 0; length < body.length; length++) {
    const expected = { ...malformed, accessToken: length >= closedAt ? accessToken : null }
    expect(processTokenResponse(200, body.slice(0, length)), `after ${length} characters`).toEqual(expected)
  }
})

test('an escaped access token is read as JSON reads it', () => {
  expect(processTokenResponse(200, '{"access_token" : "a\\u002Fb\\"c", "sco')).toEqual({
    ...malformed,
    accessToken: 'a/b"c',
  })
})

test.each([400, 401, 403, 404, 415, 421])('status %i is a definitive refusal with its error code', (status) => {
  const body = JSON.stringify({
    error_description: `Reused authorization code: ${accessToken}`,
    error: 'invalid_grant',
  })
  expect(processTokenResponse(status, body)).toEqual({ kind: 'refused', status, error: 'invalid_grant' })
  expect(processRevokeResponse(status, body)).toEqual({ kind: 'refused', status, error: 'invalid_grant' })
})

test.each([
  '<html><title>415</title></html>',
  '',
  '{"error":"Invalid grant for 67884cd3-f4ca"}',
  '{"error":{"code":"x"}}',
  '{"error":""}',
  `{"error":"${'a'.repeat(65)}"}`,
  '["invalid_grant"]',
  'null',
])('a refusal whose body is %s has no readable code', (body) => {
  expect(processTokenResponse(400, body)).toEqual({ kind: 'refused', status: 400, error: 'unreadable' })
})

test.each([302, 307, 408, 425, 429, 500, 502, 503])(
  'status %i says nothing about the code, and nothing about a token',
  (status) => {
    const unknown = { kind: 'unknown', reason: 'server_error', accessToken: null }
    expect(processTokenResponse(status, '<html>later</html>')).toEqual(unknown)
    expect(process({}, status)).toEqual({ ...unknown, accessToken })
    expect(processRevokeResponse(status, '{"error":"slow_down"}')).toEqual({
      kind: 'unavailable',
      reason: 'server_error',
    })
  },
)

test('only a plain success counts as revoked, not a page that something in between answers with', () => {
  expect(processRevokeResponse(200, '')).toEqual({ kind: 'revoked' })
  expect(processRevokeResponse(204, '')).toEqual({ kind: 'revoked' })
  expect(processRevokeResponse(200, '{}')).toEqual({ kind: 'revoked' })
  expect(processRevokeResponse(200, '\n<!doctype html><p>Maintenance')).toEqual({
    kind: 'unavailable',
    reason: 'malformed',
  })
})
