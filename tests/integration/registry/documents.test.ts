import { expect, test } from 'vitest'
import { addFault, MEMBER, readAdminState, setUpRegistry } from './trial'
import { getTokens, postForm } from './visitor'

const trial = setUpRegistry()

const expectedDiscovery = (issuer: string) => `{
  "token_endpoint_auth_signing_alg_values_supported" : [ "RS256" ],
  "id_token_signing_alg_values_supported" : [ "RS256" ],
  "userinfo_endpoint" : "${issuer}/oauth/userinfo",
  "authorization_endpoint" : "${issuer}/oauth/authorize",
  "token_endpoint" : "${issuer}/oauth/token",
  "jwks_uri" : "${issuer}/oauth/jwks",
  "claims_supported" : [ "family_name", "given_name", "name", "auth_time", "iss", "sub" ],
  "scopes_supported" : [ "openid" ],
  "subject_types_supported" : [ "public" ],
  "response_types_supported" : [ "code", "id_token", "id_token token" ],
  "claims_parameter_supported" : false,
  "token_endpoint_auth_methods_supported" : [ "client_secret_post" ],
  "grant_types_supported" : [ "authorization_code", "implicit", "refresh_token" ],
  "issuer" : "${issuer}"
}`

test('the discovery document is ORCID’s, byte for byte but for the host', async () => {
  const answer = await fetch(`${trial.url}/.well-known/openid-configuration`)
  expect(await answer.text()).toBe(expectedDiscovery(trial.url))
  expect(expectedDiscovery('https://orcid.org')).toHaveLength(826)
})

test('the key set holds one RSA key without alg, and is not to be stored', async () => {
  const answer = await fetch(`${trial.url}/oauth/jwks`)
  const { keys } = await answer.json()
  expect(keys).toHaveLength(1)
  expect(Object.keys(keys[0])).toEqual(['kty', 'e', 'use', 'kid', 'n'])
  expect(keys[0].kid).toMatch(/^local-orcid-org-[a-z0-9]{32}$/)
  expect(answer.headers.get('Cache-Control')).toBe('no-store')
})

test('userinfo gives the public names and never an e-mail address', async () => {
  const { access_token, orcid } = await getTokens(trial)
  const expected = {
    id: `${trial.url}/${orcid}`,
    sub: orcid,
    name: 'Ada Q. Example',
    family_name: 'Example',
    given_name: 'Ada Quill',
  }
  const byHeader = await fetch(`${trial.url}/oauth/userinfo`, { headers: { Authorization: `bearer ${access_token}` } })
  expect(await byHeader.json()).toEqual(expected)
  expect(await (await postForm(trial, '/oauth/userinfo', { access_token })).json()).toEqual(expected)
})

test('userinfo keeps its keys, with null, for names that are not public', async () => {
  const { access_token } = await getTokens(trial, '0000-0099-9722-0030')
  const answer = await postForm(trial, '/oauth/userinfo', { access_token })
  expect(await answer.json()).toMatchObject({ name: null, family_name: null, given_name: null })
})

test('userinfo answers 403 with a hyphenated description to no token, a bad one and one that may not know the iD', async () => {
  const { access_token } = await getTokens(trial, undefined, { scope: '/read-limited' })
  for (const authorization of [null, 'Bearer x', `Bearer ${access_token}`]) {
    const headers = new Headers(authorization ? { Authorization: authorization } : [])
    const answer = await fetch(`${trial.url}/oauth/userinfo`, { headers })
    expect(answer.status).toBe(403)
    expect(await answer.json()).toEqual({ error: 'access_denied', 'error-description': 'access_token is invalid' })
  }
})

test('every request to userinfo is on record, with its client, its token and what came of it', async () => {
  const { access_token: token } = await getTokens(trial)
  await postForm(trial, '/oauth/userinfo', { access_token: token })
  await fetch(`${trial.url}/oauth/userinfo`, { headers: { Authorization: 'Bearer unknown' } })
  await addFault(trial, { on: 'userinfo', fault: 'html_500' })
  await fetch(`${trial.url}/oauth/userinfo`)
  expect((await readAdminState(trial)).userinfoRequests).toMatchObject([
    { clientId: MEMBER.id, token, outcome: 'answered', fault: null },
    { clientId: null, token: 'unknown', outcome: 'access_denied', fault: null },
    { clientId: null, token: null, outcome: 'not processed', fault: 'html_500' },
  ])
})

test('scripts of other origins may read the documents and userinfo, but not the token answer', async () => {
  const headers = { Origin: 'https://elsewhere.example' }
  for (const path of ['/.well-known/openid-configuration', '/oauth/jwks', '/oauth/userinfo']) {
    const answer = await fetch(`${trial.url}${path}`, { method: 'OPTIONS', headers })
    expect(answer.status, path).toBe(200)
    expect(answer.headers.get('Access-Control-Allow-Origin')).toBe('https://elsewhere.example')
    expect(answer.headers.get('Access-Control-Allow-Credentials')).toBe('true')
    expect(answer.headers.get('Access-Control-Allow-Methods')).toBe('GET, POST, PUT, DELETE')
  }
  const userinfo = await fetch(`${trial.url}/oauth/userinfo`, { headers })
  expect(userinfo.headers.get('Access-Control-Allow-Origin')).toBe('https://elsewhere.example')
  const token = await postForm(trial, '/oauth/token', {}, headers)
  expect(token.headers.get('Access-Control-Allow-Origin')).toBeNull()
})

test('nothing on a page comes from another host', async () => {
  const page = await fetch(`${trial.url}/signin`)
  const addresses = [...(await page.text()).matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '')
  expect(addresses.filter((address) => !/^[/#]/.test(address))).toEqual([])
  expect(page.headers.get('Content-Security-Policy')).toContain("default-src 'none'")
  for (const asset of addresses.filter((address) => address.startsWith('/_assets/'))) {
    expect((await fetch(`${trial.url}${asset}`)).status, asset).toBe(200)
  }
  for (const font of ['inter-latin.woff2', 'inter-latin-ext.woff2']) {
    const answer = await fetch(`${trial.url}/_assets/${font}`)
    expect(answer.headers.get('Content-Type')).toBe('font/woff2')
    expect((await answer.arrayBuffer()).byteLength).toBeGreaterThan(10_000)
  }
})
