import * as openid from 'openid-client'
import { beforeEach, describe, expect, test } from 'vitest'
import { ADA, addFault, CALLBACK, control, MEMBER, PETRA_PRIVATE, readAdminState, setUpRegistry } from './trial'
import { getTokens, postForm, readClaims, type TokenAnswer, Visitor } from './visitor'

const RECEIVER = {
  ...MEMBER,
  id: 'APP-RECEIVER00000001',
  secret: 'receiver',
  name: 'Repository of Trial',
  redirectUris: [],
  exchanges: ['id_token', 'access_token'] as ('id_token' | 'access_token')[],
}
const UNABLE = { ...RECEIVER, id: 'APP-UNABLE0000000001', exchanges: undefined }
const SECOND_WAY = { ...MEMBER, id: 'APP-OTHERMEMBER00001', redirectUris: [CALLBACK] }
const trial = setUpRegistry({ clients: [{ ...MEMBER }, RECEIVER, UNABLE, SECOND_WAY] })

const GRANT = 'urn:ietf:params:oauth:grant-type:token-exchange'
const type = (name: string) => `urn:ietf:params:oauth:token-type:${name}`
const secretOf = { grant_type: GRANT, client_secret: RECEIVER.secret }

async function exchange(fields: Record<string, string | null>) {
  const response = await postForm(trial, '/oauth/token', { ...secretOf, client_id: RECEIVER.id, ...fields })
  const body = await response.json()
  return { status: response.status, body, text: body.error_description }
}
const toAccess = (idToken: string, more: Record<string, string | null> = {}) =>
  exchange({
    subject_token: idToken,
    subject_token_type: type('id_token'),
    requested_token_type: type('access_token'),
    ...more,
  })
const toIdToken = (accessToken: string, more: Record<string, string | null> = {}) =>
  exchange({
    client_id: MEMBER.id,
    client_secret: MEMBER.secret,
    subject_token: accessToken,
    subject_token_type: type('access_token'),
    requested_token_type: type('id_token'),
    ...more,
  })
const api = (token: string, path: string, init: RequestInit = {}) =>
  fetch(`${trial.url}/v3.0/${path}`, {
    ...init,
    headers: { Authorization: `Bearer ${token}`, Accept: 'application/json', 'Content-Type': 'application/json' },
  })
const position = {
  'role-title': 'Lecturer',
  organization: {
    name: 'University of Trial',
    address: { city: 'Trial', country: 'CA' },
    'disambiguated-organization': {
      'disambiguated-organization-identifier': 'https://ror.org/01bj3aw27',
      'disambiguation-source': 'ROR',
    },
  },
}

async function withdraw(clientId: string) {
  const visitor = new Visitor()
  await visitor.go(`${trial.url}/signin`, { method: 'POST', body: new URLSearchParams({ orcid: ADA }) })
  await visitor.go(`${trial.url}/trusted-parties`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: clientId }),
  })
}

let ada: TokenAnswer
beforeEach(async () => {
  await control(trial, 'PATCH', `clients/${MEMBER.id}`, { exchanges: ['id_token'], whitelist: [] })
  ada = await getTokens(trial)
})

describe('an id_token', () => {
  test('is given for an access token of one’s own, and says whose it is', async () => {
    const { status, body } = await toIdToken(ada.access_token)
    expect([status, body.token_type, body.issued_token_type]).toEqual([200, 'N_A', type('id_token')])
    expect(readClaims(body.access_token)).toMatchObject({ sub: ADA, aud: MEMBER.id, iss: trial.url })
  })

  test('is given neither for another client’s token nor for one that is revoked, nor where ORCID does not offer it', async () => {
    const other = await getTokens(trial, ADA, { client_id: SECOND_WAY.id })
    expect((await toIdToken(other.access_token)).text).toBe(
      'Clients can only exchange their own access_tokens for id_tokens',
    )
    await withdraw(MEMBER.id)
    expect((await toIdToken(ada.access_token)).text).toBe('access_token does not exist or is disabled')
    await control(trial, 'PATCH', `clients/${MEMBER.id}`, { exchanges: [] })
    expect(await toIdToken(ada.access_token)).toMatchObject({
      status: 400,
      text: `Client does not have ${GRANT} enabled`,
    })
  })
})

describe('an exchanged token', () => {
  test('is given to a client that is not ours, reads and writes for an hour, and its items name both', async () => {
    const configuration = new openid.Configuration(
      { issuer: trial.url, token_endpoint: `${trial.url}/oauth/token` },
      RECEIVER.id,
      undefined,
      openid.ClientSecretPost(RECEIVER.secret),
    )
    openid.allowInsecureRequests(configuration)
    const tokens = await openid.genericGrantRequest(configuration, GRANT, {
      subject_token: ada.id_token ?? '',
      subject_token_type: type('id_token'),
      requested_token_type: type('access_token'),
    })
    expect(tokens).toMatchObject({ orcid: ADA, expires_in: 3599, token_type: 'bearer' })
    expect(tokens.refresh_token).toBeUndefined()
    expect(tokens.scope?.split(' ').sort()).toEqual(['/activities/update', '/read-limited', 'openid'])
    const { access_token: token } = tokens
    expect((await api(token, `${ADA}/record`)).status).toBe(200)
    const written = await api(token, `${ADA}/employment`, { method: 'POST', body: JSON.stringify(position) })
    expect(written.status).toBe(201)
    const path = `${ADA}/employment/${written.headers.get('location')?.split('/').at(-1)}`
    expect((await (await api(token, path)).json()).source).toMatchObject({
      'source-client-id': { path: RECEIVER.id },
      'source-name': { value: RECEIVER.name },
      'assertion-origin-client-id': { path: MEMBER.id },
      'assertion-origin-name': { value: MEMBER.name },
    })
    expect((await api(ada.access_token, path, { method: 'DELETE' })).status).toBe(403)
    expect((await api(token, `${PETRA_PRIVATE}/record`)).status).toBe(401)
    trial.passS(3_600)
    expect((await api(token, `${ADA}/record`)).status).toBe(401)
  })

  test('has what all tokens of the person have, or what is asked for of it', async () => {
    const reads = await getTokens(trial, ADA, { scope: 'openid /read-limited' })
    expect((await toAccess(reads.id_token ?? '')).body.scope.split(' ')).toContain('/activities/update')
    expect((await toAccess(reads.id_token ?? '', { scope: '/read-limited' })).body.scope).toBe('/read-limited')
    expect(await toAccess(reads.id_token ?? '', { scope: '/email/read-private' })).toMatchObject({
      status: 401,
      text: 'The requested scope(s) are not available from this id_token',
    })
  })

  test('is given for an id_token that has expired, as ORCID publishes', async () => {
    await addFault(trial, { on: 'token', fault: 'expired_id_token' })
    const { body } = await toIdToken(ada.access_token)
    expect(Number(readClaims(body.access_token).exp)).toBeLessThan(Date.now() / 1000)
    expect((await toAccess(body.access_token)).status).toBe(200)
  })

  test('is on no list of the person, who withdraws both at once', async () => {
    await toAccess(ada.id_token ?? '')
    await withdraw(RECEIVER.id)
    expect((await toAccess(ada.id_token ?? '')).status).toBe(200)
    await withdraw(MEMBER.id)
    expect((await toAccess(ada.id_token ?? '')).body).toMatchObject({
      token_disabled: true,
      scope: '/activities/update',
    })
  })

  test('after a withdrawal deletes what the receiver wrote, and does nothing else', async () => {
    const { body } = await toAccess(ada.id_token ?? '')
    const written = await api(body.access_token, `${ADA}/employment`, {
      method: 'POST',
      body: JSON.stringify(position),
    })
    const path = `${ADA}/employment/${written.headers.get('location')?.split('/').at(-1)}`
    await withdraw(MEMBER.id)
    const { access_token: left } = (await toAccess(ada.id_token ?? '')).body
    expect((await api(left, `${ADA}/record`)).status).toBe(401)
    expect((await api(left, path, { method: 'DELETE' })).status).toBe(204)
  })

  test('is refused after the withdrawal of a permission to read, and given again with the next permission', async () => {
    await fetch(`${trial.url}/_admin/state`, { method: 'DELETE' })
    const reads = await getTokens(trial, ADA, { scope: 'openid /read-limited' })
    await withdraw(MEMBER.id)
    expect(await toAccess(reads.id_token ?? '')).toMatchObject({ status: 401, body: { error: 'invalid_scope' } })
    await getTokens(trial, ADA, { scope: 'openid /read-limited' })
    // Of the published code: nothing binds an id_token to the permission that it came from.
    expect((await toAccess(reads.id_token ?? '')).status).toBe(200)
  })

  test('is refused after the organization has revoked its tokens', async () => {
    await postForm(trial, '/oauth/revoke', {
      client_id: MEMBER.id,
      client_secret: MEMBER.secret,
      token: ada.access_token,
    })
    expect(await toAccess(ada.id_token ?? '')).toMatchObject({
      status: 401,
      text: 'There are no active tokens with valid scopes for this account',
    })
    expect((await readAdminState(trial)).tokens.filter(({ live }) => live)).toEqual([])
  })

  test('is for the clients that ORCID lets exchange, and of them for those on the whitelist', async () => {
    expect((await toAccess(ada.id_token ?? '', { client_id: UNABLE.id })).text).toBe(
      `Client does not have ${GRANT} enabled`,
    )
    await control(trial, 'PATCH', `clients/${MEMBER.id}`, { whitelist: [UNABLE.id] })
    expect((await toAccess(ada.id_token ?? '')).text).toBe(
      `Client ${RECEIVER.id} cannot act on behalf of client ${MEMBER.id}`,
    )
    await control(trial, 'PATCH', `clients/${MEMBER.id}`, { whitelist: [UNABLE.id, RECEIVER.id] })
    expect((await toAccess(ada.id_token ?? '')).status).toBe(200)
  })

  test('is not given for one’s own id_token, one that somebody else signed, or no id_token', async () => {
    const { body } = await toAccess(ada.id_token ?? '')
    const own = await toIdToken(body.access_token, { client_id: RECEIVER.id, client_secret: RECEIVER.secret })
    expect((await toAccess(own.body.access_token)).text).toBe(
      'Attempt to exchange own id_token, use refresh token instead',
    )
    const [header, , signature] = (ada.id_token ?? '').split('.')
    const petra = Buffer.from(JSON.stringify({ sub: PETRA_PRIVATE, aud: MEMBER.id })).toString('base64url')
    expect((await toAccess(`${header}.${petra}.${signature}`)).text).toBe('Invalid id token signature')
    expect((await toAccess('none')).text).toBe('Unexpected id token value, cannot parse the id_token')
    expect(await toAccess('')).toMatchObject({ status: 401, text: 'subject_token is required' })
    expect((await toAccess(ada.id_token ?? '', { requested_token_type: type('id_token') })).text).toMatch(
      /^Invalid IETF token exchange token type/,
    )
  })
})
