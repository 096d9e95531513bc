import fc from 'fast-check'
import { expect, test } from 'vitest'
import { answerHeaders } from '@/tests/support/answer-headers'
import { orcidEndpoints } from './client'
import { exchangeCodeRequest, processRevokeResponse, processTokenResponse, revokeRequest } from './oauth'
import type { AnswerHeaders } from './transport'

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

function judge(status: number, body: string, headers: Partial<AnswerHeaders> = {}) {
  return processTokenResponse({ status, body, headers: answerHeaders(headers) })
}

function judgeRevoked(status: number, body: string, headers: Partial<AnswerHeaders> = {}) {
  return processRevokeResponse({ status, body, headers: answerHeaders(headers) })
}

function process(changes: Record<string, unknown>, status = 200) {
  return judge(status, JSON.stringify({ ...answer, ...changes }))
}

function issuedTokens(changes: Record<string, unknown>) {
  const outcome = process(changes)
  if (outcome.kind !== 'issued') throw new Error(`expected tokens, got ${JSON.stringify(outcome)}`)
  return outcome.tokens
}

const foreign = { kind: 'unknown', reason: 'foreign', accessToken: null }
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

test.each([null, '', 7])('an answer whose access token is %j is unusable and has no token to give back', (token) => {
  expect(process({ access_token: token })).toEqual({ ...malformed, accessToken: null })
})

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
      expect(judge(200, body)).toMatchObject({ kind: 'unknown', accessToken: null })
    }),
  )
}, 30_000)

test('a torn body gives up its access token as soon as the closing quote has arrived, and not before', () => {
  const body = JSON.stringify(answer)
  const closedAt = body.indexOf(accessToken) + accessToken.length + 1
  for (let length = 0; length < body.length; length++) {
    const expected = { ...malformed, accessToken: length >= closedAt ? accessToken : null }
    expect(judge(200, body.slice(0, length)), `after ${length} characters`).toEqual(expected)
  }
})

test('an escaped access token is read as JSON reads it', () => {
  expect(judge(200, '{"access_token" : "a\\u002Fb\\"c", "sco')).toEqual({
    ...malformed,
    accessToken: 'a/b"c',
  })
})

const html = { contentType: 'text/html;charset=utf-8' }

test('JSON without a token, and a token that is not labelled as JSON, are no answers of ORCID’s', () => {
  expect(process({ access_token: undefined })).toEqual(foreign)
  expect(judge(200, '{"status":"blocked"}')).toEqual(foreign)
  expect(judge(200, '<html>Sign in to the hotel</html>', html)).toEqual(foreign)
  expect(judge(200, JSON.stringify(answer), html)).toEqual({ ...foreign, accessToken })
  expect(judge(200, JSON.stringify(answer), { contentEncoding: 'gzip' })).toEqual({ ...foreign, accessToken })
  expect(judge(201, JSON.stringify(answer))).toEqual({ ...foreign, accessToken })
})

test.each([
  [400, 'invalid_grant'],
  [400, 'invalid_request'],
  [400, 'invalid_scope'],
  [400, 'unauthorized_client'],
  [400, 'unsupported_grant_type'],
  [401, 'invalid_client'],
  [401, 'invalid_request'],
  [401, 'invalid_scope'],
])('%i with the code %s, in JSON, is a definitive refusal', (status, error) => {
  const body = JSON.stringify({ error_description: `Reused authorization code: ${accessToken}`, error })
  expect(judge(status, body)).toEqual({ kind: 'refused', status, error })
  expect(judgeRevoked(status, body)).toEqual({ kind: 'refused', status, error })
})

test.each([
  ['a page of a filtering proxy', 403, '<html><title>Access blocked</title></html>', html],
  ['a page with a fitting status', 400, '<html><title>Bad request</title></html>', html],
  ['the page that ORCID answers a wrong content type with', 415, '<html><title>415</title></html>', html],
  ['a known code with a status that does not fit', 403, '{"error":"invalid_grant"}', {}],
  ['a known code with a status that does not fit', 401, '{"error":"invalid_grant"}', {}],
  ['a known code that is not labelled as JSON', 400, '{"error":"invalid_grant"}', html],
  ['a known code in an answer without a content type', 400, '{"error":"invalid_grant"}', { contentType: null }],
  ['a known code under an encoding nobody asked for', 400, '{"error":"invalid_grant"}', { contentEncoding: 'br' }],
  ['a code that ORCID does not have', 400, '{"error":"blocked_by_policy"}', {}],
  ['a code that is none', 400, '{"error":{"code":"x"}}', {}],
  ['a name that every object has', 400, '{"error":"constructor"}', {}],
  ['a list', 400, '["invalid_grant"]', {}],
  ['no object', 400, 'null', {}],
  ['nothing', 404, '', {}],
  ['a redirect', 302, '', {}],
])('%s is nobody’s refusal (%i)', (_, status, body, headers) => {
  expect(judge(status, body, headers)).toEqual(foreign)
  expect(judgeRevoked(status, body, headers)).toEqual({ kind: 'unavailable', reason: 'foreign' })
})

test.each([408, 425, 429, 500, 502, 503])(
  'status %i says nothing about the code, and nothing about a token',
  (status) => {
    const unknown = { kind: 'unknown', reason: 'server_error', accessToken: null }
    expect(judge(status, '<html>later</html>', html)).toEqual(unknown)
    expect(process({}, status)).toEqual({ ...unknown, accessToken })
    expect(judgeRevoked(status, '{"error":"slow_down"}')).toEqual({ kind: 'unavailable', reason: 'server_error' })
  },
)

test('only 200 with nothing in it counts as revoked', () => {
  expect(judgeRevoked(200, '')).toEqual({ kind: 'revoked' })
  expect(judgeRevoked(200, '', { contentType: null })).toEqual({ kind: 'revoked' })
  for (const [status, body] of [
    [200, 'OK'],
    [200, '{}'],
    [200, '\n<p>Maintenance'],
    [204, ''],
    [202, ''],
  ] as const)
    expect(judgeRevoked(status, body)).toEqual({ kind: 'unavailable', reason: 'foreign' })
})
