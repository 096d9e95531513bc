import { describe, expect, test } from 'vitest'
import { db } from '@/lib/db'
import { askInside as ask } from '@/tests/support/api'
import { ada, codeOf, noor, pointersOf, proxyPerFile, putCodeOf } from '@/tests/support/proxy'

const { fixture, now, add, read, items } = proxyPerFile()

const work = (value: string, more: object = {}) => ({
  title: { title: { value: 'On bees' } },
  type: 'journal-article',
  'external-ids': {
    'external-id': [{ 'external-id-type': 'doi', 'external-id-value': value, 'external-id-relationship': 'self' }],
  },
  ...more,
})

describe('a work that is written by proxy', () => {
  test('waits for the person, and is done at once for one who chose so', async () => {
    const asked = await read('/work', { method: 'POST', body: work('10.1000/a') })
    expect([asked.status, asked.json.state]).toEqual([202, 'waiting_for_answer'])
    expect(asked.headers.get('location')).toBe(`/api/v1/works/${asked.json.id}`)
    await db().researcher.update({ where: { id: now.researcherId }, data: { worksPreference: 'automatic' } })
    const added = await read('/work', { method: 'POST', body: work('10.1000/b') })
    expect(added.status).toBe(201)
    const code = putCodeOf(added)
    const path = `/work/${code}`
    const title = { title: { title: { value: 'On wasps' } } }
    const body = work('10.1000/b', { ...title, 'put-code': Number(code) })
    expect((await read(path, { method: 'PUT', body })).json).toMatchObject({ 'put-code': Number(code), ...title })
    expect(pointersOf(await read(path, { method: 'PUT', body: work('10.1000/c') }))).toEqual([
      '/put-code',
      '/external-ids',
    ])
    expect(codeOf(await read('/work', { method: 'POST', body: work('10.1000/d', { citation: 'x' }) }))).toEqual([
      400,
      'invalid_request',
    ])
    expect((await read(path, { method: 'DELETE' })).status).toBe(204)
    expect(await items()).toEqual([])
  })
})

describe('several works that are written by proxy', () => {
  const bulkOf = (works: object[]) => ({ bulk: works.map((each) => ({ work: each })) })
  const addAll = (works: object[], headers: Record<string, string> = {}) =>
    read('/works', { method: 'POST', body: bulkOf(works), headers })
  const prefer = (worksPreference: 'ask' | 'automatic' | 'never') =>
    db().researcher.update({ where: { id: now.researcherId }, data: { worksPreference } })
  type One = { work?: { 'put-code': number }; error?: { 'error-code': number; 'developer-message': string } }

  test('are each on the record or refused when the answer comes, in order and as ORCID says it', async () => {
    await prefer('automatic')
    const answer = await addAll([
      work('10.1000/a'),
      work('10.1000/A'),
      work('10.1000/b', { colour: 'red' }),
      work('10.1000/c', { 'put-code': 5 }),
      work('10.1000/d'),
    ])
    expect(answer.status).toBe(200)
    const given: One[] = answer.json.bulk
    const [first, second, third, , last] = given
    expect(given.map(({ error }) => error?.['error-code'] ?? 'added')).toEqual(['added', 9021, 9001, 9001, 'added'])
    expect(second?.error?.['developer-message']).toContain('There is such an item already.')
    expect(third?.error?.['developer-message']).toContain('/colour cannot be written by the portal')
    // They are written beside one another, so their put-codes are in any order.
    // Written beside one another: each answer has the put-code of its own work.
    const contentOf = async (one?: One) =>
      (await items()).find(({ putCode }) => putCode === String(one?.work?.['put-code']))?.content
    expect(await contentOf(first)).toMatchObject(work('10.1000/a'))
    expect(await contentOf(last)).toMatchObject(work('10.1000/d'))
    expect(await items()).toHaveLength(2)
    const again: One[] = (await addAll([work('10.1000/a')])).json.bulk
    expect(again[0]?.error?.['developer-message']).toContain(`Its put-code is ${first?.work?.['put-code']}.`)
    expect(await items()).toHaveLength(2)
  })

  test('wait for the person, or for the jobs, as `POST /works` tells it; the same request again adds nothing', async () => {
    const key = { 'Idempotency-Key': 'bulk-1' }
    const asked = await addAll([work('10.1000/a'), work('10.1000/b', { type: 'poem' })], key)
    expect(asked.status).toBe(202)
    expect(asked.json.results).toMatchObject([
      { work: { state: 'waiting_for_answer', identifier: { type: 'doi', value: '10.1000/a' } } },
      { problem: { code: 'invalid_request', detail: expect.stringContaining('/type') } },
    ])
    const again = await addAll([work('10.1000/a'), work('10.1000/b', { type: 'poem' })], key)
    expect([again.json, again.headers.get('idempotency-replayed')]).toEqual([asked.json, 'true'])
    await prefer('automatic')
    const later = await addAll([work('10.1000/c')], { Prefer: 'respond-async' })
    expect([later.status, later.json.results]).toMatchObject([202, [{ work: { state: 'pending', put_code: null } }]])
    expect(await items()).toEqual([])
  })

  test('are refused whole where they are no list, more than a hundred, or of somebody whom the system may not see', async () => {
    const many = Array.from({ length: 101 }, (_, index) => work(`10.1000/${index}`))
    for (const body of [bulkOf(many), { bulk: [] }, {}, { bulk: [work('10.1000/a')] }, { bulk: 'x' }, []])
      expect(codeOf(await read('/works', { method: 'POST', body }))).toEqual([400, 'invalid_request'])
    const nobodys = await ask(now.system.key, `/orcid/${noor}/works`, {
      method: 'POST',
      body: bulkOf([work('10.1/a')]),
    })
    expect(nobodys.text).toBe(now.nobody.text)
    await prefer('never')
    const unwanted: One[] = (await addAll([work('10.1000/a')])).json.bulk
    expect(unwanted[0]?.error?.['developer-message']).toContain('wants no works')
    const other = await add({ name: 'Other', rights: ['record:read'] })
    expect(codeOf(await ask(other.key, `/orcid/${ada}/works`, { method: 'POST', body: bulkOf([]) }))).toEqual([
      403,
      'missing_right',
    ])
    expect(await db().affiliation.count()).toBe(0)
  })

  test('that ORCID refuses are not kept', async () => {
    await prefer('automatic')
    await fixture.stack.registry.setRecordState(ada, { state: 'locked' })
    const locked: One[] = (await addAll([work('10.1000/a')])).json.bulk
    expect(locked[0]?.error?.['error-code']).toBe(9018)
    await fixture.stack.registry.setRecordState(ada, { state: 'ok' })
    const added: One[] = (await addAll([work('10.1000/a')])).json.bulk
    expect(added[0]?.work).toBeDefined()
  })
})
