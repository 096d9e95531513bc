import { describe, expect, test } from 'vitest'
import { CARBERRY, callApi, employment, getOwnToken } from './record-api'
import { ADA, addFault, control, setUpRegistry } from './trial'
import { getTokens, postForm } from './visitor'

const trial = setUpRegistry()
const tokenOf = async (orcid: string) => (await getTokens(trial, orcid)).access_token
const read = (token: string | null, orcid = ADA) => callApi(trial, token, `${orcid}/employments`)
const statuses = async (token: string, times: number) => {
  const seen = []
  for (let count = 0; count < times; count += 1) seen.push((await read(token)).status)
  return seen
}

describe('a live token', () => {
  test.each([
    ['token_refused', (token: string) => `Invalid access token: ${token}`],
    [
      'token_unverified',
      (token: string) => `Invalid access token: Unable to obtain information from the authorization server: ${token}`,
    ],
  ])('is refused once by %s, in ORCID’s words, and works again', async (fault, description) => {
    for (const token of [await tokenOf(ADA), await getOwnToken(trial)]) {
      await addFault(trial, { on: 'api', fault })
      const refused = await read(token)
      expect(refused.status).toBe(401)
      expect(refused.text).toBe(JSON.stringify({ error: 'invalid_token', error_description: description(token) }))
      expect(await statuses(token, 2)).toEqual([200, 200])
    }
    const requests = await (await control(trial, 'GET', 'api-requests')).json()
    expect(requests[0]).toMatchObject({ status: 401, fault })
  })

  test('that is refused by a fault gets the same bytes as a withdrawn one', async () => {
    const token = await tokenOf(ADA)
    await addFault(trial, { on: 'api', fault: 'token_refused' })
    const passing = await read(token)
    await control(trial, 'PUT', `records/${ADA}/state`, { state: 'deactivated' })
    const lasting = await read(token)
    expect([lasting.status, lasting.text]).toEqual([passing.status, passing.text])
    expect(lasting.headers.get('Content-Type')).toBe(passing.headers.get('Content-Type'))
  })

  test('that is refused writes nothing, and the same write succeeds afterwards', async () => {
    const token = await tokenOf(ADA)
    const write = async () =>
      (await callApi(trial, token, `${ADA}/employment`, { method: 'POST', body: employment() })).status
    await addFault(trial, { on: 'api', fault: 'token_unverified', method: 'POST' })
    expect([await write(), await write()]).toEqual([401, 201])
  })

  test('is refused at userinfo in the words of userinfo', async () => {
    const token = await tokenOf(ADA)
    await addFault(trial, { on: 'userinfo', fault: 'token_refused' })
    const refused = await postForm(trial, '/oauth/userinfo', { access_token: token })
    expect(refused.status).toBe(403)
    expect(await refused.json()).toEqual({ error: 'access_denied', 'error-description': 'access_token is invalid' })
    expect((await postForm(trial, '/oauth/userinfo', { access_token: token })).status).toBe(200)
  })
})

describe('a fault can be limited', () => {
  test('to a number of requests', async () => {
    await addFault(trial, { on: 'api', fault: 'token_refused', times: 3 })
    expect(await statuses(await tokenOf(ADA), 5)).toEqual([401, 401, 401, 200, 200])
  })

  test('to one token, and requests with others neither meet it nor use it up', async () => {
    const [refused, other] = [await tokenOf(ADA), await tokenOf(CARBERRY)]
    await addFault(trial, { on: 'api', fault: 'token_refused', token: refused })
    expect((await read(other, CARBERRY)).status).toBe(200)
    expect((await read(await getOwnToken(trial))).status).toBe(200)
    expect((await read(null)).status).toBe(403)
    expect(await statuses(refused, 2)).toEqual([401, 200])
  })

  test('to one token at userinfo, wherever the token stands', async () => {
    const [met, other] = [await tokenOf(ADA), await tokenOf(CARBERRY)]
    await addFault(trial, { on: 'userinfo', fault: 'unavailable_503', token: met, times: 2 })
    const byForm = async (token: string) => (await postForm(trial, '/oauth/userinfo', { access_token: token })).status
    const byHeader = async (token: string) =>
      (await fetch(`${trial.url}/oauth/userinfo`, { headers: { Authorization: `Bearer ${token}` } })).status
    expect([await byForm(other), await byHeader(other)]).toEqual([200, 200])
    expect([await byForm(met), await byHeader(met), await byForm(met)]).toEqual([503, 503, 200])
  })

  test('to a while, after which everybody is served again', async () => {
    const [ada, carberry] = [await tokenOf(ADA), await tokenOf(CARBERRY)]
    await addFault(trial, { on: 'api', fault: 'token_unverified', times: 0, forMs: 60_000 })
    expect(await statuses(ada, 2)).toEqual([401, 401])
    expect((await read(carberry, CARBERRY)).status).toBe(401)
    trial.passS(61)
    expect(await statuses(ada, 2)).toEqual([200, 200])
  })

  test('to a share of the requests, until it is cleared', async () => {
    await control(trial, 'PUT', 'settings', { limit: { enabled: false } })
    const token = await getOwnToken(trial)
    await addFault(trial, { on: 'api', fault: 'token_refused', times: 0, oneIn: 4 })
    const seen = await statuses(token, 400)
    const refused = seen.filter((status) => status === 401).length
    // Six standard deviations around 100.
    expect(refused).toBeGreaterThan(48)
    expect(refused).toBeLessThan(152)
    await fetch(`${trial.url}/_admin/faults`, { method: 'DELETE' })
    expect(new Set(await statuses(token, 20))).toEqual(new Set([200]))
    await control(trial, 'PUT', 'settings', { limit: { enabled: true } })
  })

  test('by all of these at once', async () => {
    const [met, other] = [await tokenOf(ADA), await tokenOf(CARBERRY)]
    const limits = { token: met, forMs: 60_000, oneIn: 1, method: 'GET', times: 1 }
    await addFault(trial, { on: 'api', fault: 'too_many_429', ...limits })
    expect((await read(other, CARBERRY)).status).toBe(200)
    expect(await statuses(met, 2)).toEqual([429, 200])
  })

  test('by a token only where requests carry one', async () => {
    expect((await addFault(trial, { on: 'jwks', fault: 'html_500', token: 'x' })).status).toBe(400)
    expect((await addFault(trial, { on: 'token', fault: 'token_refused' })).status).toBe(400)
    expect((await addFault(trial, { on: 'userinfo', fault: 'token_unverified' })).status).toBe(400)
  })
})
