import { describe, expect, test } from 'vitest'
import { CARBERRY, callApi, employment, getOwnToken, readItems } from './record-api'
import { ADA, addFault, control, MEMBER, PUBLIC, setUpRegistry } from './trial'
import { authorizeUrl, getTokens, postForm, Visitor } from './visitor'

const trial = setUpRegistry()
const PRIMARY = '0000-0099-9540-6130'
const USUAL_LIMIT = { limit: { enabled: true, perSecond: 24, burst: 40 } }
const setState = (change: object) => control(trial, 'PUT', `records/${ADA}/state`, change)
const writer = async () => (await getTokens(trial, ADA, { scope: '/activities/update' })).access_token
const post = (token: string, method = 'POST') =>
  callApi(trial, token, `${ADA}/employment`, { method, body: employment() })

describe('a record that is', () => {
  test('merged sends readers to the same path of its primary, and refuses writers with the same address', async () => {
    const token = await writer()
    await setState({ state: 'merged', mergedInto: PRIMARY })
    const get = await callApi(trial, token, `${ADA}/employments`)
    expect([get.status, get.headers.get('Location')]).toEqual([301, `${trial.url}/v3.0/${PRIMARY}/employments`])
    const user = `This account is deprecated. Please refer to account: ${trial.url}/${PRIMARY}.`
    expect(get.body).toEqual({
      'response-code': 301,
      'developer-message': `301 Moved Permanently: ${user} ORCID ${trial.url}/${ADA}`,
      'user-message': user,
      'error-code': 9007,
      'more-info': 'https://members.orcid.org/api/resources/troubleshooting',
    })
    const refused = await post(token)
    expect([refused.status, refused.headers.get('Location')]).toEqual([409, `${trial.url}/v3.0/${PRIMARY}/employment`])
    expect(refused.body).toMatchObject({ 'response-code': 409, 'developer-message': user, 'error-code': 9007 })
  })

  test('locked or deactivated is 409 for reading and writing, for its own texts', async () => {
    const token = await writer()
    const texts = []
    for (const change of [{ state: 'locked' }, { state: 'deactivated', keepTokens: true }]) {
      await setState(change)
      for (const answer of [await callApi(trial, token, `${ADA}/record`), await post(token)]) {
        texts.push([answer.status, answer.body['error-code'], answer.body['developer-message']])
      }
    }
    const locked = `409 Conflict: The ORCID record is locked and cannot be edited. ORCID ${ADA} Full validation error: ${ADA} is locked`
    const gone = `409 Conflict: The ORCID record is deactivated and cannot be edited. Full validation error: ${ADA} is deactivated`
    expect(texts).toEqual([
      [409, 9018, locked],
      [409, 9018, locked],
      [409, 9044, gone],
      [409, 9044, gone],
    ])
  })

  test('deactivated has no tokens any more, while a client of its own reads that it is deactivated', async () => {
    const tokens = await getTokens(trial)
    await setState({ state: 'deactivated' })
    expect((await callApi(trial, tokens.access_token, `${ADA}/record`)).body.error).toBe('invalid_token')
    expect((await callApi(trial, await getOwnToken(trial), `${ADA}/record`)).body['error-code']).toBe(9044)
    const visitor = new Visitor()
    const page = await visitor.go(authorizeUrl(trial))
    const signIn = await visitor.press(authorizeUrl(trial), await page.text(), 'orcid', ADA)
    expect(await signIn.text()).toContain('This account is deactivated')
  })

  test('opened again is read as before', async () => {
    await setState({ state: 'locked' })
    await setState({ state: 'ok' })
    expect((await callApi(trial, await getOwnToken(trial), `${ADA}/record`)).status).toBe(200)
  })
})

describe('the limiter', () => {
  test('queues as many as its burst and refuses the rest with a page of the proxy', async () => {
    const token = await getOwnToken(trial)
    await control(trial, 'PUT', 'settings', { limit: { enabled: true, perSecond: 2, burst: 2 } })
    // The turn of the last request before this, a 24th of a second, is over.
    await new Promise((resolve) => setTimeout(resolve, 100))
    const startedAt = performance.now()
    const answers = await Promise.all(Array.from({ length: 20 }, () => callApi(trial, token, `${CARBERRY}/address`)))
    const passed = answers.filter(({ status }) => status === 200).length
    expect(passed).toBeGreaterThanOrEqual(3)
    expect(passed).toBeLessThan(20)
    expect(performance.now() - startedAt).toBeGreaterThan(950)
    const refused = answers.filter(({ status }) => status === 503)
    expect(refused).toHaveLength(20 - passed)
    expect(refused[0]?.headers.get('Content-Type')).toContain('text/html')
    const requests = await (await control(trial, 'GET', 'api-requests')).json()
    expect(requests.filter((request: { limited: boolean }) => request.limited)).toHaveLength(20 - passed)
    await control(trial, 'PUT', 'settings', { limit: { enabled: false } })
    const all = await Promise.all(Array.from({ length: 60 }, () => callApi(trial, token, `${CARBERRY}/address`)))
    expect(all.every(({ status }) => status === 200)).toBe(true)
    await control(trial, 'PUT', 'settings', USUAL_LIMIT)
  })
})

describe('a fault of the API', () => {
  test('can lose the answer to a write that was done, and to no other method', async () => {
    const token = await writer()
    const before = (await readItems(trial, ADA)).length
    await addFault(trial, { on: 'api', fault: 'lost', method: 'POST' })
    expect((await callApi(trial, token, `${ADA}/employments`)).status).toBe(200)
    await expect(post(token)).rejects.toThrow()
    expect((await readItems(trial, ADA)).length).toBe(before + 1)
    expect((await post(token)).body['error-code']).toBe(9021)
  })

  test.each([
    ['unavailable_503', 503],
    ['too_many_429', 429],
    ['html_500', 500],
  ])('%s answers %i with Retry-After when told, and writes nothing', async (fault, status) => {
    const token = await writer()
    const before = (await readItems(trial, ADA)).length
    await addFault(trial, { on: 'api', fault, retryAfterS: 7 })
    const answer = await post(token)
    expect([answer.status, answer.headers.get('Retry-After')]).toEqual([status, '7'])
    expect((await readItems(trial, ADA)).length).toBe(before)
    const requests = await (await control(trial, 'GET', 'api-requests')).json()
    expect(requests).toMatchObject([{ method: 'POST', path: `/v3.0/${ADA}/employment`, status: null, fault }])
  })
})

describe('a client for itself', () => {
  test('gets a token without a person, for the scopes that need none', async () => {
    const ask = async (scope: string, clientId = MEMBER.id) => {
      const fields = { grant_type: 'client_credentials', client_id: clientId, client_secret: MEMBER.secret, scope }
      const answer = await postForm(trial, '/oauth/token', fields)
      return [answer.status, await answer.json()] as const
    }
    const [status, body] = await ask('/read-public /read-limited openid')
    expect(status).toBe(200)
    expect(Object.keys(body)).toEqual(['access_token', 'token_type', 'refresh_token', 'expires_in', 'scope', 'orcid'])
    expect(body).toMatchObject({ scope: '/read-public', orcid: null, expires_in: 631138518 })
    expect(await ask('/read-limited')).toEqual([
      400,
      { error: 'invalid_scope', error_description: 'Invalid scope: /read-limited' },
    ])
    expect((await ask('/no-such-scope')).at(0)).toBe(401)
    expect((await ask('/group-id-record/read', PUBLIC.id)).at(0)).toBe(400)
    expect((await ask('/webhook')).at(0)).toBe(400)
  })
})

describe('a refresh', () => {
  const refresh = async (token: string, changed: Record<string, string> = {}, clientId = MEMBER.id) => {
    const fields = { grant_type: 'refresh_token', client_id: clientId, client_secret: MEMBER.secret }
    const answer = await postForm(trial, '/oauth/token', { ...fields, refresh_token: token, ...changed })
    return { status: answer.status, body: await answer.json() }
  }
  const isGood = async (token: string) => (await callApi(trial, token, `${ADA}/record`)).status === 200

  test('gives a new pair with fewer scopes; the old one stays good, and what else was asked is dropped on the way', async () => {
    const old = await getTokens(trial)
    const { status, body } = await refresh(old.refresh_token, {
      scope: '/read-limited',
      revoke_old: 'true',
      expires_in: '60',
    })
    expect(status).toBe(200)
    expect(body).toMatchObject({ scope: '/read-limited', orcid: ADA, name: 'Ada Q. Example' })
    expect(body).not.toHaveProperty('id_token')
    expect(body.expires_in).toBeGreaterThan(631138000)
    expect(body.access_token).not.toBe(old.access_token)
    expect(await isGood(old.access_token)).toBe(true)
    expect((await post(body.access_token)).body['error-code']).toBe(9038)
  })

  test('revokes the old pair and shortens the new one, as documented, when nothing is dropped', async () => {
    await control(trial, 'PUT', 'settings', { dropsRefreshParams: false })
    const old = await getTokens(trial)
    const { body } = await refresh(old.refresh_token, { revoke_old: 'true', expires_in: '60' })
    expect(body.expires_in).toBe(60)
    expect(body.scope.split(' ').sort()).toEqual(['/activities/update', '/read-limited', 'openid'])
    expect(await isGood(old.access_token)).toBe(false)
    expect(await isGood(body.access_token)).toBe(true)
    trial.passS(61)
    expect(await isGood(body.access_token)).toBe(false)
    expect((await refresh(body.refresh_token)).status).toBe(400)
    await control(trial, 'PUT', 'settings', { dropsRefreshParams: true })
  })

  test('is refused for more scopes, an unknown or withdrawn token, another client, a closed record', async () => {
    const tokens = await getTokens(trial, ADA, { scope: '/read-limited' })
    expect((await refresh(tokens.refresh_token, { scope: '/person/update' })).body).toEqual({
      error: 'invalid_scope',
      error_description: "The given scope '/person/update' is not allowed for the parent token",
    })
    expect((await refresh(tokens.refresh_token, { scope: '/affiliations/read-limited' })).status).toBe(200)
    expect((await refresh('unknown')).body.error).toBe('invalid_grant')
    expect((await refresh(tokens.refresh_token, {}, PUBLIC.id)).body.error).toBe('invalid_grant')
    await setState({ state: 'locked' })
    expect((await refresh(tokens.refresh_token)).body.error).toBe('unauthorized_client')
    await setState({ state: 'ok' })
    await postForm(trial, '/oauth/revoke', {
      client_id: MEMBER.id,
      client_secret: MEMBER.secret,
      token: tokens.access_token,
    })
    expect((await refresh(tokens.refresh_token)).body.error).toBe('invalid_grant')
  })
})
