import { expect, test } from 'vitest'
import { ADA, MEMBER, PUBLIC, readAdminState, setUpRegistry } from './trial'
import { authorizeUrl, getTokens, postForm, Visitor } from './visitor'

const trial = setUpRegistry()
const CREDENTIALS = { client_id: MEMBER.id, client_secret: MEMBER.secret }

const revoke = (token: string | null, credentials: Record<string, string | null> = CREDENTIALS) =>
  postForm(trial, '/oauth/revoke', { ...credentials, token })

test.each(['access_token', 'refresh_token'] as const)('revoking the %s ends that pair and no other', async (half) => {
  const [kept, gone] = [await getTokens(trial), await getTokens(trial)]
  const answer = await revoke(gone[half])
  expect(answer.status).toBe(200)
  expect(await answer.text()).toBe('')
  expect((await readAdminState(trial)).tokens).toMatchObject([
    { accessToken: kept.access_token, live: true, revokedBecause: null },
    { accessToken: gone.access_token, live: false, revokedBecause: 'CLIENT_REVOKED' },
  ])
  const userinfo = await postForm(trial, '/oauth/userinfo', { access_token: gone.access_token })
  expect(userinfo.status).toBe(403)
})

test('a token that is unknown, already disabled or another client’s is answered with 200 and stays as it is', async () => {
  const { access_token } = await getTokens(trial)
  const foreign = await revoke(access_token, { ...CREDENTIALS, client_id: PUBLIC.id })
  expect(foreign.status).toBe(200)
  expect((await readAdminState(trial)).tokens).toMatchObject([{ live: true }])
  for (const token of ['unknown', access_token, access_token]) expect((await revoke(token)).status).toBe(200)
  const outcomes = (await readAdminState(trial)).revokeRequests.map((request) => request.outcome)
  expect(outcomes).toEqual(['unknown', 'unknown', 'revoked', 'already disabled'])
})

test('bad credentials are 401 and a missing token is 400', async () => {
  const { access_token } = await getTokens(trial)
  expect((await revoke(access_token, { ...CREDENTIALS, client_secret: 'x' })).status).toBe(401)
  expect((await revoke(access_token, {})).status).toBe(401)
  expect((await revoke(null)).status).toBe(400)
  expect((await readAdminState(trial)).tokens).toMatchObject([{ live: true }])
})

test('a revocation without a token is refused for that, before its client is looked at', async () => {
  for (const credentials of [{}, { ...CREDENTIALS, client_secret: 'x' }]) {
    const answer = await revoke(null, credentials)
    expect(answer.status).toBe(400)
    expect(await answer.json()).toEqual({ error: 'invalid_request', error_description: 'token is required' })
  }
  expect((await readAdminState(trial)).revokeRequests).toMatchObject([
    { clientId: null, token: null, outcome: 'invalid_request' },
    { clientId: MEMBER.id, token: null, outcome: 'invalid_request' },
  ])
})

test('a person sees each organization once and removes it with all its tokens', async () => {
  const visitor = new Visitor()
  await visitor.authorize(authorizeUrl(trial))
  await getTokens(trial)
  await getTokens(trial, ADA, { scope: '/person/update' })
  await getTokens(trial, ADA, { scope: 'openid', client_id: PUBLIC.id })
  await getTokens(trial, '0000-0002-1825-0097')
  const url = `${trial.url}/trusted-parties`
  const html = await (await visitor.go(url)).text()
  expect(html.match(/<h3>[^<]+<\/h3>/g)).toEqual(['<h3>University of Trial</h3>', '<h3>Public Trial</h3>'])
  expect(html).toContain('Add/update information about you (country, keywords, etc.)')

  await visitor.press(url, html, 'client_id', MEMBER.id)
  expect((await readAdminState(trial)).tokens).toMatchObject([
    { orcid: ADA, clientId: MEMBER.id, live: false, revokedBecause: 'USER_REVOKED' },
    { orcid: ADA, clientId: MEMBER.id, live: false, revokedBecause: 'USER_REVOKED' },
    { orcid: ADA, clientId: PUBLIC.id, live: true },
    { orcid: '0000-0002-1825-0097', clientId: MEMBER.id, live: true },
  ])
  expect(await (await visitor.go(url)).text()).not.toContain('<h3>University of Trial</h3>')
})

test('the list of trusted parties is for people who are signed in', async () => {
  const { access_token } = await getTokens(trial)
  const body = new URLSearchParams({ client_id: MEMBER.id })
  const answer = await new Visitor().go(`${trial.url}/trusted-parties`, { method: 'POST', body })
  expect(answer.headers.get('Location')).toBe('/signin')
  expect((await readAdminState(trial)).tokens).toMatchObject([{ accessToken: access_token, live: true }])
})

test('a record page shows what is public and no more', async () => {
  const text = async (orcid: string) => (await fetch(`${trial.url}/${orcid}`)).text()
  expect(await text(ADA)).toContain('Ada Q. Example')
  expect(await text('0000-0099-9722-0030')).not.toContain('Petra')
  expect(await text('0000-0099-5895-2546')).toContain('href="/0000-0099-9540-6130"')
  expect((await fetch(`${trial.url}/0000-0001-0000-0009`)).status).toBe(404)
})
