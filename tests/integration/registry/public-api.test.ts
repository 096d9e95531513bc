import { expect, test } from 'vitest'
import { callApi, dig, employment, getOwnToken, readItems } from './record-api'
import { ADA, control, PETRA_PRIVATE, PUBLIC, setUpRegistry } from './trial'
import { getTokens } from './visitor'

const trial = setUpRegistry()
const [MERGED, LOCKED] = ['0000-0099-5895-2546', '0000-0099-8193-0361']
const ask = (token: string | null, path: string, request = {}) =>
  callApi(trial, token, path, { api: '/pub/v3.0', ...request })

test('everybody reads the same of a record: what is public, whoever asks and whatever they wrote themselves', async () => {
  const member = (await getTokens(trial, ADA, { scope: '/read-limited /activities/update' })).access_token
  await callApi(trial, member, `${ADA}/employment`, { method: 'POST', body: employment() })
  const [ours] = (await readItems(trial, ADA)).filter(({ section }) => section === 'employment').slice(-1)
  await control(trial, 'PATCH', `records/${ADA}/items/${ours?.putCode}`, { visibility: 'private' })

  const tokens = [null, await getOwnToken(trial, '/read-public', PUBLIC.id), member]
  const answers = await Promise.all(tokens.map((token) => ask(token, `${ADA}/record`)))
  for (const { status, body, text } of answers) {
    expect(status).toBe(200)
    expect(new Set(dig(body, 'person.emails.email.*.visibility'))).toEqual(new Set(['public']))
    expect(text).toBe(answers[0]?.text)
  }
  expect((await ask(member, `${ADA}/employment/${ours?.putCode}`)).body).toMatchObject({
    'response-code': 403,
    'error-code': 9039,
  })
})

test('a token with the iD alone reads the personal details of its owner, and of anybody else', async () => {
  const { access_token: token } = await getTokens(trial, ADA, { scope: 'openid', client_id: PUBLIC.id })
  for (const orcid of [ADA, PETRA_PRIVATE]) expect((await ask(token, `${orcid}/personal-details`)).status).toBe(200)
})

test('a token that is none is refused, as is everything that the public API does not have', async () => {
  expect((await ask('no-such-token', `${ADA}/record`)).status).toBe(401)
  expect((await ask(null, `${ADA}/summary`)).status).toBe(404)
  expect((await ask(null, `${ADA}/employment`, { method: 'POST', body: employment() })).status).toBe(405)
})

test('the state of a record is told as by the member API, and a merged one leads on within the public API', async () => {
  const merged = await ask(null, `${MERGED}/person`)
  expect([merged.status, merged.headers.get('Location')]).toEqual([
    301,
    expect.stringMatching(/\/pub\/v3\.0\/[\d-]+X?\/person$/),
  ])
  expect((await ask(null, `${LOCKED}/record`)).body['error-code']).toBe(9018)
})

test('who is no member may ask half as often', async () => {
  await control(trial, 'PUT', 'settings', { limit: { perSecond: 40, burst: 40 } })
  const startedAt = performance.now()
  const answers = await Promise.all(Array.from({ length: 11 }, () => ask(null, `${ADA}/person`)))
  expect(answers.every(({ status }) => status === 200)).toBe(true)
  // Ten of them waited for 50 ms each; at the whole rate that is 25.
  expect(performance.now() - startedAt).toBeGreaterThan(490)
})
