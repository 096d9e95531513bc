import { createServer, type Server } from 'node:http'
import { exportJWK, generateKeyPair, type JWTHeaderParameters, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { OrcidError } from './errors'
import { loadJwks, verifyIdToken } from './id-token'

const clientId = 'APP-0123456789ABCDEF'
const nonce = 'n-0S6_WzA2Mj'
const now = new Date('2026-03-01T12:00:00Z')
const nowS = now.getTime() / 1000

const [ours, theirs] = await Promise.all([generateKeyPair('RS256'), generateKeyPair('RS256')])

/** The registry's key endpoint: what it answers, and how often it was asked. */
const registry = { status: 200, body: '', asked: 0 }
let server: Server
let client = { issuer: '', clientId, clientSecret: 'a-client-secret' }

beforeAll(async () => {
  server = createServer((_, response) => {
    registry.asked++
    response.writeHead(registry.status).end(registry.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})

afterAll(() => server.close())

let issuers = 0

beforeEach(async () => {
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  // A path of its own for every test, because the keys are cached by address.
  client = { ...client, issuer: `http://127.0.0.1:${port}/${issuers++}` }
  Object.assign(registry, { status: 200, body: await keySetOf({ 'local-orcid-org-1': ours.publicKey }), asked: 0 })
})

async function keySetOf(keys: Record<string, CryptoKey>): Promise<string> {
  const list = Object.entries(keys).map(async ([kid, key]) => ({ ...(await exportJWK(key)), use: 'sig', kid }))
  return JSON.stringify({ keys: await Promise.all(list) })
}

type Changes = { claims?: JWTPayload; header?: Partial<JWTHeaderParameters>; key?: CryptoKey | Uint8Array }

/** An id_token of the shape that ORCID sends: no `typ`, `aud` and `amr` as plain text. */
function sign({ claims, header, key = ours.privateKey }: Changes = {}): Promise<string> {
  return new SignJWT({ ...validClaims(), ...claims })
    .setProtectedHeader({ alg: 'RS256', kid: 'local-orcid-org-1', ...header })
    .sign(key)
}

function validClaims(): JWTPayload {
  return {
    at_hash: 'Ac_IEK8Qwu4KHBeBTpADrQ',
    aud: clientId,
    sub: '0000-0002-1825-0097',
    auth_time: 1767225600,
    amr: 'pwd',
    iss: client.issuer,
    exp: nowS + 86_400,
    iat: nowS,
    nonce,
    jti: '3c1d9a1e-54c1-4fd5-9d0d-3f9f57f0f1ab',
  }
}

async function verify(idToken: string, expected: { nonce?: string; now?: Date } = {}) {
  return verifyIdToken(idToken, await loadJwks(client), { issuer: client.issuer, clientId, nonce, now, ...expected })
}

async function refusal(idToken: string, expected?: { nonce?: string }): Promise<string> {
  const error = await verify(idToken, expected).then(
    () => 'accepted',
    (error: unknown) => error,
  )
  expect(error).toBeInstanceOf(OrcidError)
  if (!(error instanceof OrcidError)) return 'accepted'
  expect(error.code).toBe('id_token_invalid')
  expect(error.cause).toBeUndefined()
  if (idToken) expect(`${error.stack} ${JSON.stringify(error)}`).not.toContain(idToken)
  return error.reason
}

test('an id_token as ORCID sends it is accepted', async () => {
  expect(await verify(await sign())).toMatchObject({ orcid: '0000-0002-1825-0097', authTime: 1767225600, amr: ['pwd'] })
})

test.each([
  ['a text', 'mfa', ['mfa']],
  ['a list', ['pwd', 'mfa'], ['pwd', 'mfa']],
  ['absent', undefined, []],
  ['something else', 7, []],
])('the way of signing in may be %s', async (_, amr, expected) => {
  expect((await verify(await sign({ claims: { amr } }))).amr).toEqual(expected)
})

test('the time of signing in may be absent, and the audience may be a list of us alone', async () => {
  const idToken = await sign({ claims: { auth_time: undefined, aud: [clientId], iat: undefined } })
  expect(await verify(idToken)).toMatchObject({ authTime: null })
})

test('clocks may differ by a minute, either way, and no more', async () => {
  await verify(await sign({ claims: { exp: nowS - 59 } }))
  await verify(await sign({ claims: { iat: nowS + 60 } }))
  await verify(await sign({ claims: { nbf: nowS + 60 } }))
  expect(await refusal(await sign({ claims: { exp: nowS - 61 } }))).toBe('exp')
  expect(await refusal(await sign({ claims: { iat: nowS + 61 } }))).toBe('iat')
  expect(await refusal(await sign({ claims: { nbf: nowS + 61 } }))).toBe('nbf')
})

test.each<[string, JWTPayload, string]>([
  ['of another sign-in', { nonce: 'another' }, 'nonce'],
  ['without a nonce', { nonce: undefined }, 'nonce'],
  ['for another client', { aud: 'APP-FEDCBA9876543210' }, 'aud'],
  ['for another client as well', { aud: [clientId, 'APP-FEDCBA9876543210'] }, 'aud'],
  ['without an audience', { aud: undefined }, 'aud'],
  ['of another registry', { iss: 'https://orcid.org' }, 'iss'],
  ['of a registry that differs by a slash', { iss: 'slash' }, 'iss'],
  ['without an issuer', { iss: undefined }, 'iss'],
  ['that never expires', { exp: undefined }, 'exp'],
  ['about nobody', { sub: undefined }, 'sub'],
  ['about an iD with a wrong check character', { sub: '0000-0002-1825-0098' }, 'sub'],
])('an id_token %s is refused', async (_, claims, reason) => {
  const slash = claims.iss === 'slash' ? { iss: `${client.issuer}/` } : {}
  expect(await refusal(await sign({ claims: { ...claims, ...slash } }))).toBe(reason)
})

test('an empty nonce never matches, not even an empty one', async () => {
  expect(await refusal(await sign({ claims: { nonce: '' } }), { nonce: '' })).toBe('nonce')
})

test('an id_token that is signed with anything but RS256 is refused', async () => {
  const publicKeyAsSecret = new TextEncoder().encode(registry.body.padEnd(64))
  const ps256 = await generateKeyPair('PS256')
  const refused = 'err_jose_alg_not_allowed'
  expect(await refusal(await sign({ header: { alg: 'HS256' }, key: publicKeyAsSecret }))).toBe(refused)
  expect(await refusal(await sign({ header: { alg: 'PS256' }, key: ps256.privateKey }))).toBe(refused)
  expect(await refusal(new UnsecuredJWT(validClaims()).encode())).not.toBe('accepted')
})

test.each(['', 'a.b.c', 'not a token', '..', '{"sub":"0000-0002-1825-0097"}'])(
  'the text %j is refused',
  async (text) => {
    expect(await refusal(text)).toMatch(/^err_jw[st]_invalid$/)
  },
)

test('an id_token that was changed after signing is refused', async () => {
  const [header, , signature] = (await sign()).split('.')
  const payload = Buffer.from(JSON.stringify({ ...validClaims(), sub: '0000-0002-9079-593X' })).toString('base64url')
  expect(await refusal(`${header}.${payload}.${signature}`)).toBe('err_jws_signature_verification_failed')
})

test.each([
  ['under a new name', 'local-orcid-org-2'],
  ['under the old name', 'local-orcid-org-1'],
])('a key that was changed %s is fetched, once', async (_, kid) => {
  await loadJwks(client)
  registry.body = await keySetOf({ [kid]: theirs.publicKey })
  await verify(await sign({ header: { kid }, key: theirs.privateKey }))
  expect(registry.asked).toBe(2)
})

test('an id_token of an unknown key is refused after the keys were fetched once more', async () => {
  expect(await refusal(await sign({ header: { kid: 'nobody’s' }, key: theirs.privateKey }))).toBe(
    'err_jwks_no_matching_key',
  )
  expect(registry.asked).toBe(2)
  registry.status = 503
  expect(await refusal(await sign({ header: { kid: 'nobody’s' }, key: theirs.privateKey }))).toBe('keys_unavailable')
})

test('keys are asked for once in five minutes, also by many at the same time', async () => {
  const clock = vi.spyOn(Date, 'now').mockReturnValue(nowS * 1000)
  await Promise.all(Array.from({ length: 20 }, () => loadJwks(client)))
  clock.mockReturnValue((nowS + 299) * 1000)
  await loadJwks(client)
  expect(registry.asked).toBe(1)
  clock.mockReturnValue((nowS + 300) * 1000)
  await loadJwks(client)
  expect(registry.asked).toBe(2)
  await loadJwks(client, { fresh: true })
  expect(registry.asked).toBe(3)
  clock.mockRestore()
})

test.each([
  [500, '<html>', 'status_500'],
  [302, '', 'status_302'],
  [200, '<html>', 'malformed'],
  [200, '{"keys":[]}', 'malformed'],
  [200, '{"kty":"RSA"}', 'malformed'],
])('keys answered with %i %s are unavailable, and are asked for again the next time', async (status, body, reason) => {
  const good = registry.body
  Object.assign(registry, { status, body })
  await expect(loadJwks(client)).rejects.toMatchObject({ name: 'OrcidError', code: 'unavailable', reason })
  Object.assign(registry, { status: 200, body: good })
  await expect(loadJwks(client)).resolves.toHaveProperty('keySet')
})

test('a registry that does not listen has no keys', async () => {
  const nobody = { ...client, issuer: 'http://127.0.0.1:1' }
  await expect(loadJwks(nobody)).rejects.toMatchObject({ code: 'unavailable' })
})
