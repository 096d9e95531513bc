import { describe, expect, test } from 'vitest'
import { callApi, dig, employment, externalId, getOwnToken, HANAKO_LIMITED, readItems } from './record-api'
import { ADA, control, MEMBER, setUpRegistry } from './trial'
import { getTokens, Visitor } from './visitor'

const OTHER = { ...MEMBER, id: 'APP-MEMBER0000000002', name: 'Another University' }
const trial = setUpRegistry({ clients: [MEMBER, OTHER] })
const RECORD = `${ADA}/employment`
const writer = async (orcid = ADA, clientId = MEMBER.id) =>
  (await getTokens(trial, orcid, { scope: '/activities/update', client_id: clientId })).access_token

async function add(token: string, body: unknown = employment(), path = RECORD) {
  const answer = await callApi(trial, token, path, { method: 'POST', body })
  expect([answer.status, answer.text]).toEqual([201, ''])
  return answer.headers.get('Location')?.split('/').at(-1) ?? ''
}

test('an item is added, read, changed and deleted under one put-code, which is not given again', async () => {
  const token = await writer()
  const answer = await callApi(trial, token, RECORD, { method: 'POST', body: employment() })
  const location = answer.headers.get('Location') ?? ''
  expect(location).toMatch(new RegExp(`^${trial.url}/v3.0/${RECORD}/\\d+$`))
  const putCode = Number(location.split('/').at(-1))
  const path = `${RECORD}/${putCode}`
  expect((await callApi(trial, token, path)).body).toMatchObject({
    'put-code': putCode,
    'role-title': 'Lecturer',
    'start-date': { year: { value: '2020' }, month: { value: '02' }, day: { value: '29' } },
    'end-date': null,
    source: { 'source-client-id': { path: MEMBER.id }, 'source-name': { value: MEMBER.name } },
    visibility: 'public',
  })

  const changed = employment({ 'put-code': putCode, 'end-date': { year: { value: '2024' }, month: { value: 6 } } })
  const put = await callApi(trial, token, path, { method: 'PUT', body: changed })
  expect(put.status).toBe(200)
  expect(put.body).toMatchObject({ 'put-code': putCode, 'end-date': { month: { value: '06' }, day: null } })

  expect((await callApi(trial, token, path, { method: 'DELETE' })).status).toBe(204)
  expect((await callApi(trial, token, path)).body['error-code']).toBe(9016)
  expect((await callApi(trial, token, path, { method: 'PUT', body: changed })).body['error-code']).toBe(9016)
  expect((await callApi(trial, token, path, { method: 'DELETE' })).body['error-code']).toBe(9016)
  expect(Number(await add(token))).toBeGreaterThan(putCode)
})

test('all seven kinds of affiliations can be written, and besides works nothing else', async () => {
  const token = await writer()
  const statuses = []
  const kinds = ['distinction', 'education', 'employment', 'invited-position', 'membership', 'qualification', 'service']
  for (const kind of kinds) await add(token, employment(), `${ADA}/${kind}`)
  for (const path of [`${ADA}/funding`, `${ADA}/keywords`, `${ADA}/employments`, `${RECORD}/1`]) {
    const { status, body } = await callApi(trial, token, path, { method: 'POST', body: {} })
    statuses.push([status, body['error-code']])
  }
  expect(statuses).toEqual(Array(4).fill([405, 9001]))
})

test('the same own id from the same client is 409 with the put-code that is there; another client’s is no duplicate', async () => {
  const [token, other] = [await writer(), await writer(ADA, OTHER.id)]
  const putCode = await add(token)
  const twin = employment({ 'external-ids': { 'external-id': [externalId('another'), externalId('STAFF-7 ')] } })
  const answer = await callApi(trial, token, RECORD, { method: 'POST', body: twin })
  expect(answer.status).toBe(409)
  expect(answer.text).toBe(
    `{"response-code":409,"developer-message":"409 Conflict: You have already added this activity (matched by external identifiers), please see element with put-code ${putCode}. If you are trying to edit the item, please use PUT instead of POST.","user-message":"There was an error when updating the record. Please try again. If the error persists, please contact ${MEMBER.name} for assistance.","error-code":9021,"more-info":"https://members.orcid.org/api/resources/troubleshooting"}`,
  )
  await add(other)
  await add(token, employment({ 'external-ids': { 'external-id': [externalId('staff-7', 'part-of')] } }))
  await add(token, employment(), `${ADA}/education`)
  const grouped = (await callApi(trial, token, `${ADA}/employments`)).body
  expect(dig(grouped, 'affiliation-group.*.summaries').map((summaries) => dig(summaries, '*').length)).toContain(2)
})

test('the visibility of a new item is the person’s choice, and cannot be changed by a client', async () => {
  const token = await writer(HANAKO_LIMITED)
  const path = `${HANAKO_LIMITED}/employment`
  const putCode = await add(token, employment({ visibility: 'public' }), path)
  const put = async (changed: object) =>
    callApi(trial, token, `${path}/${putCode}`, {
      method: 'PUT',
      body: employment({ 'put-code': Number(putCode), ...changed }),
    })
  expect((await put({ visibility: 'limited' })).body.visibility).toBe('limited')
  const refused = await put({ visibility: 'public' })
  expect([refused.status, refused.body['error-code']]).toEqual([403, 9035])
})

describe('a write is refused', () => {
  test('for want of the scope, for another record, without a person, on a path too short', async () => {
    const reader = (await getTokens(trial, ADA, { scope: '/read-limited' })).access_token
    const codeFor = async (token: string, path: string, method = 'POST') =>
      (await callApi(trial, token, path, { method, body: employment() })).body['error-code']
    expect(await codeFor(reader, RECORD)).toBe(9038)
    expect(await codeFor(await writer(), `${HANAKO_LIMITED}/employment`)).toBe(9017)
    expect(await codeFor(await getOwnToken(trial), RECORD)).toBe(9038)
    expect(await codeFor(await writer(), RECORD, 'DELETE')).toBe(9001)
  })

  test('for the state of the record before owner and scope are looked at', async () => {
    const reader = (await getTokens(trial, ADA, { scope: '/read-limited' })).access_token
    const strangers = [reader, await writer(HANAKO_LIMITED), await getOwnToken(trial)]
    const refusals = async () => {
      const answers = await Promise.all(
        strangers.map((token) => callApi(trial, token, RECORD, { method: 'POST', body: employment() })),
      )
      return answers.map(({ status, body }) => [status, body['error-code']])
    }
    await control(trial, 'PUT', `records/${ADA}/state`, { state: 'merged', mergedInto: HANAKO_LIMITED })
    expect(await refusals()).toEqual(Array(3).fill([409, 9007]))
    await control(trial, 'PUT', `records/${ADA}/state`, { state: 'locked' })
    expect(await refusals()).toEqual(Array(3).fill([409, 9018]))
    await control(trial, 'PUT', `records/${ADA}/state`, { state: 'ok' })
    expect(await refusals()).toEqual([
      [403, 9038],
      [401, 9017],
      [403, 9038],
    ])
  })

  test('to everybody but the source of the item', async () => {
    const [putCode, other] = [await add(await writer()), await writer(ADA, OTHER.id)]
    for (const method of ['PUT', 'DELETE']) {
      const body = employment({ 'put-code': Number(putCode) })
      const answer = await callApi(trial, other, `${RECORD}/${putCode}`, { method, body })
      expect([answer.status, answer.body['error-code']]).toEqual([403, 9010])
    }
  })

  const place = (address: object | null) => ({
    organization: { ...(employment().organization as object), address },
  })
  const organizationId = (id: object | null) => ({
    organization: { ...(employment().organization as object), 'disambiguated-organization': id },
  })
  const date = (year: unknown, month?: unknown, day?: unknown) => ({
    year: { value: year },
    month: month === undefined ? null : { value: month },
    day: day === undefined ? null : { value: day },
  })
  test.each<[string, number, Record<string, unknown>]>([
    ['with a put-code', 9024, { 'put-code': 5 }],
    ['without an organization', 9046, { organization: null }],
    ['without an id of the organization', 9045, organizationId(null)],
    [
      'with a malformed ROR id',
      9045,
      organizationId({
        'disambiguated-organization-identifier': 'ror.org/1',
        'disambiguation-source': 'ROR',
      }),
    ],
    ['without a city', 9060, place({ country: 'GB' })],
    ['without a country', 9060, place({ city: 'Exampleton' })],
    ['with a country that does not exist', 9051, place({ city: 'Exampleton', country: 'QX' })],
    ['starting on 31 February', 9049, { 'start-date': date('2024', '02', '31') }],
    ['starting on 29 February of 2023', 9049, { 'start-date': date('2023', '02', '29') }],
    ['with a day without a month', 9049, { 'start-date': date('2024', undefined, '01') }],
    ['starting in 1066', 9049, { 'start-date': date('1066') }],
    ['ending before it starts', 9055, { 'end-date': date('2020', '01') }],
    ['with a title of 5,000 characters', 9047, { 'role-title': 'x'.repeat(5000) }],
    ['with an unknown relationship', 9051, { 'external-ids': { 'external-id': [externalId('1', 'sibling')] } }],
    ['with a list for a text', 9047, { 'role-title': ['Lecturer'] }],
  ])('%s, with %i', async (_, code, changed) => {
    const before = (await readItems(trial, ADA)).length
    const answer = await callApi(trial, await writer(), RECORD, { method: 'POST', body: employment(changed) })
    expect([answer.status, answer.body['error-code']]).toEqual([400, code])
    expect((await readItems(trial, ADA)).length).toBe(before)
  })

  test('when the other kinds have neither an organization id nor an id of their own', async () => {
    const token = await writer()
    const bare = { ...organizationId(null), 'external-ids': null }
    const refused = await callApi(trial, token, `${ADA}/service`, { method: 'POST', body: employment(bare) })
    expect(refused.body['error-code']).toBe(9062)
    await add(token, employment(organizationId(null)), `${ADA}/service`)
  })

  test('when the body is not JSON, or the put-codes differ', async () => {
    const token = await writer()
    const post = async (body: string, type: string) => {
      const headers = { Accept: 'application/json', 'Content-Type': type }
      const answer = await callApi(trial, token, RECORD, { method: 'POST', body, headers })
      return [answer.status, answer.body['error-code']]
    }
    expect(await post('{', 'application/json')).toEqual([400, 9001])
    expect(await post('<employment/>', 'application/xml')).toEqual([415, 9001])
    const putCode = await add(token)
    for (const given of [undefined, 1]) {
      const body = employment({ 'put-code': given })
      const answer = await callApi(trial, token, `${RECORD}/${putCode}`, { method: 'PUT', body })
      expect([answer.status, answer.body['error-code']]).toEqual([400, 9019])
    }
  })
})

test('an affiliation may have an end without a start', async () => {
  const token = await writer()
  const end = { year: { value: '2021' }, month: null, day: null }
  const putCode = await add(token, employment({ 'start-date': null, 'end-date': end }))
  expect((await callApi(trial, token, `${RECORD}/${putCode}`)).body).toMatchObject({
    'start-date': null,
    'end-date': end,
  })
})

test('a token that its person took back still deletes, and does nothing else', async () => {
  const token = await writer()
  const [one, two] = [await add(token), await add(token, employment({ 'external-ids': null }))]
  const visitor = new Visitor()
  await visitor.go(`${trial.url}/signin`, { method: 'POST', body: new URLSearchParams({ orcid: ADA }) })
  await visitor.go(`${trial.url}/trusted-parties`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: MEMBER.id }),
  })
  expect((await callApi(trial, token, `${ADA}/record`)).status).toBe(401)
  expect((await callApi(trial, token, RECORD, { method: 'POST', body: employment() })).status).toBe(401)
  expect((await callApi(trial, token, `${RECORD}/${one}`, { method: 'DELETE' })).status).toBe(204)
  await control(trial, 'PUT', `records/${ADA}/state`, { state: 'deactivated' })
  expect((await callApi(trial, token, `${RECORD}/${two}`, { method: 'DELETE' })).body['error-code']).toBe(9044)
})
