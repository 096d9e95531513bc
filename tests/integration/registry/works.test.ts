import { expect, test } from 'vitest'
import { callApi, dig } from './record-api'
import { ADA, MEMBER, setUpRegistry } from './trial'
import { getTokens } from './visitor'

const OTHER = { ...MEMBER, id: 'APP-MEMBER0000000002', name: 'Another University' }
const trial = setUpRegistry({ clients: [MEMBER, OTHER] })
const writer = async (clientId = MEMBER.id, scope = '/activities/update') =>
  (await getTokens(trial, ADA, { scope, client_id: clientId })).access_token

const work = (value: string, more: object = {}) => ({
  title: { title: { value: 'On bees' }, subtitle: { value: 'A study' } },
  'journal-title': { value: 'Apidology' },
  type: 'journal-article',
  'publication-date': { year: { value: '2024' }, month: { value: 5 } },
  'external-ids': {
    'external-id': [
      {
        'external-id-type': 'doi',
        'external-id-value': value,
        'external-id-relationship': 'self',
        'external-id-url': null,
      },
    ],
  },
  contributors: {
    contributor: [{ 'credit-name': { value: 'Ada' }, 'contributor-attributes': { 'contributor-role': 'author' } }],
  },
  ...more,
})
const post = (token: string, body: unknown, path = 'work') =>
  callApi(trial, token, `${ADA}/${path}`, { method: 'POST', body })
const codeOf = ({ status, body }: Awaited<ReturnType<typeof callApi>>) => [status, body['error-code']]

test('a work is added, read alone and with others, changed and deleted, and lists and summaries have it', async () => {
  const token = await writer()
  const added = await post(token, work('10.1000/a'))
  expect(added.status).toBe(201)
  const putCode = Number(added.headers.get('Location')?.split('/').at(-1))
  const path = `${ADA}/work/${putCode}`
  expect((await callApi(trial, token, path)).body).toMatchObject({
    'put-code': putCode,
    title: { title: { value: 'On bees' }, subtitle: { value: 'A study' }, 'translated-title': null },
    type: 'journal-article',
    'publication-date': { year: { value: '2024' }, month: { value: '05' }, day: null },
    source: { 'source-client-id': { path: MEMBER.id } },
    contributors: { contributor: [{ 'credit-name': { value: 'Ada' } }] },
  })
  const many = (await callApi(trial, token, `${ADA}/works/${putCode},1`)).body
  expect(dig(many, 'bulk.*.work.put-code')).toContain(putCode)
  expect(dig(many, 'bulk.*.error.error-code')).toContain(9016)
  const put = await callApi(trial, token, path, {
    method: 'PUT',
    body: work('10.1000/a', { 'put-code': putCode, type: 'preprint' }),
  })
  expect([put.status, put.body.type]).toEqual([200, 'preprint'])
  const wrong = await callApi(trial, token, path, { method: 'PUT', body: work('10.1000/a', { 'put-code': 1 }) })
  expect(codeOf(wrong)).toEqual([400, 9019])
  const activities = (await callApi(trial, token, `${ADA}/activities`)).body
  expect(dig(activities, 'works.group.*.work-summary.*.put-code')).toContain(putCode)
  expect((await callApi(trial, token, path, { method: 'DELETE' })).status).toBe(204)
  expect(codeOf(await callApi(trial, token, path))).toEqual([404, 9016])
})

test('the same identifier from the same client is 409 with the put-code; from another it joins the group', async () => {
  const [token, other] = [await writer(), await writer(OTHER.id)]
  const putCode = (await post(token, work('10.1000/b'))).headers.get('Location')?.split('/').at(-1)
  const again = await post(token, work('10.1000/B '))
  expect(codeOf(again)).toEqual([409, 9021])
  expect(again.text).toContain(`put-code ${putCode}.`)
  expect((await post(other, work('10.1000/b'))).status).toBe(201)
  const works = (await callApi(trial, token, `${ADA}/works`)).body
  expect(dig(works, 'group.*.work-summary').map((summaries) => dig(summaries, '*').length)).toContain(2)
})

test('a title, a type and an identifier with the relationship self are needed, and the scope', async () => {
  const token = await writer()
  const refused = [
    work('10.1000/c', { title: null }),
    work('10.1000/c', { type: null }),
    work('10.1000/c', { type: 'poem' }),
    work('10.1000/c', { 'external-ids': null }),
    work('10.1000/c', { 'put-code': 7 }),
    work('10.1000/c', { 'publication-date': { year: { value: '2024' }, month: { value: 13 } } }),
  ]
  const codes = []
  for (const body of refused) codes.push((await post(token, body)).body['error-code'])
  expect(codes).toEqual([9022, 9037, 9037, 9023, 9024, 9049])
  const reader = await writer(MEMBER.id, '/read-limited')
  expect(codeOf(await post(reader, work('10.1000/c')))).toEqual([403, 9038])
})

test('at most a hundred works in a request are each added or refused for itself, in order', async () => {
  const token = await writer()
  const bulk = [work('10.1000/d'), work('10.1000/d'), work('10.1000/e', { title: null }), work('10.1000/f')]
  const answer = await post(token, { bulk: bulk.map((one) => ({ work: one })) }, 'works')
  expect(answer.status).toBe(200)
  const entries = answer.body.bulk as { work?: object; error?: { 'error-code': number } }[]
  expect(entries.map(({ error }) => error?.['error-code'] ?? 'added')).toEqual(['added', 9021, 9022, 'added'])
  const tooMany = { bulk: Array.from({ length: 101 }, (_, index) => ({ work: work(`10.1000/g${index}`) })) }
  expect(codeOf(await post(token, tooMany, 'works'))).toEqual([400, 9006])
  const codes = Array.from({ length: 101 }, (_, index) => index + 1).join(',')
  expect(codeOf(await callApi(trial, token, `${ADA}/works/${codes}`))).toEqual([400, 9042])
})
