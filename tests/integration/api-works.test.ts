import { beforeEach, describe, expect, test } from 'vitest'
import { db } from '@/lib/db'
import { type Asked, askInside as ask, connectSomebody, type Told } from '@/tests/support/api'
import { numbers, peoplePerFile } from '@/tests/support/people'
import { addSystem, completeSystem, tell } from '@/tests/support/systems'

const fixture = peoplePerFile()
const rights = [...completeSystem().rights, 'works:write' as const]
let system: Awaited<ReturnType<typeof addSystem>>
let anna: Awaited<ReturnType<typeof connectSomebody>>

beforeEach(async () => {
  system = await addSystem(fixture.manager, { rights })
  anna = await connectSomebody(numbers.a)
  await tell(system.id, [anna.researcherId])
})

const codeOf = ({ status, json }: Told) => [status, json?.code]
const work = (value: string, more: object = {}) => ({
  person_id: anna.id,
  identifier: { type: 'doi', value },
  type: 'journal-article',
  title: 'On bees',
  ...more,
})
const write = (method: string, path: string, asked: Asked = {}) =>
  ask(system.key, path, {
    method,
    ...asked,
    headers: { 'Idempotency-Key': crypto.randomUUID(), ...asked.headers },
  })
const add = (body: object, asked: Asked = {}) => write('POST', '/works', { body, ...asked })
const prefer = (worksPreference: 'ask' | 'automatic' | 'never') =>
  db().researcher.update({ where: { id: anna.researcherId }, data: { worksPreference } })

describe('a work of a system', () => {
  test('is added, read, changed and removed, and its person is asked first', async () => {
    const full = {
      subtitle: 'A study',
      journal: 'Apidology',
      date: '2024-05',
      url: 'https://example.org/bees',
      contributors: [{ name: 'Ada Lovelace', role: 'author', orcid: '0000-0002-1825-0097' }],
    }
    const added = await add(work('https://doi.org/10.1000/a', full))
    expect(added.status).toBe(202)
    expect(added.json).toMatchObject({
      ...work('10.1000/a', full),
      identifier: { type: 'doi', value: '10.1000/a', url: null },
      state: 'waiting_for_answer',
    })
    const path = `/works/${added.json.id}`
    expect(added.headers.get('location')).toBe(`/api/v1${path}`)
    expect((await ask(system.key, path)).json).toEqual(added.json)
    const { person_id: _, ...changed } = work('10.1000/A', { title: 'On wasps' })
    expect((await write('PUT', path, { body: changed })).json).toMatchObject({
      title: 'On wasps',
      journal: null,
      state: 'waiting_for_answer',
    })
    const moved = { ...changed, identifier: { type: 'doi', value: '10.1000/b' } }
    expect((await write('PUT', path, { body: moved })).json.errors).toMatchObject([{ pointer: '/identifier' }])
    expect((await ask(system.key, '/works')).json.items).toHaveLength(1)
    expect((await ask(system.key, '/affiliations')).json.items).toEqual([])
    expect(codeOf(await ask(system.key, `/affiliations/${added.json.id}`))).toEqual([404, 'not_found'])
    expect((await write('DELETE', path)).json).toMatchObject({ state: 'deleting' })
  })

  test('is written at once where its person chose so, and refused where they want none', async () => {
    await prefer('automatic')
    expect((await add(work('10.1000/a'))).json).toMatchObject({ state: 'pending' })
    await prefer('never')
    expect(codeOf(await add(work('10.1000/b')))).toEqual([409, 'works_not_wanted'])
  })

  test('is one of up to a hundred in a request, each added or refused, once however often it is sent', async () => {
    const key = { headers: { 'Idempotency-Key': 'bulk-1' } }
    const body = [work('10.1000/a'), work('10.1000/A'), work('10.1000/b', { person_id: system.id }), work('10.1000/c')]
    const first = await add(body, key)
    expect(first.json.results.map((one: { problem?: { code: string } }) => one.problem?.code ?? 'added')).toEqual([
      'added',
      'already_exists',
      'not_found',
      'added',
    ])
    const again = await add(body, key)
    expect([again.json, again.headers.get('idempotency-replayed')]).toEqual([first.json, 'true'])
    expect(codeOf(await add(Array.from({ length: 101 }, (_, index) => work(`10.1000/${index}`))))).toEqual([
      400,
      'invalid_request',
    ])
  })

  test('needs its right, a type that ORCID has and a date that there is', async () => {
    const other = await addSystem(fixture.manager, { name: 'Other' })
    expect(codeOf(await ask(other.key, '/works'))).toEqual([403, 'missing_right'])
    for (const wrong of [{ type: 'poem' }, { date: '2023-02-30' }, { identifier: { type: 'DOI!', value: 'x' } }]) {
      expect(codeOf(await add(work('10.1000/a', wrong)))).toEqual([400, 'invalid_request'])
    }
  })

  test.for([
    ['[', 400, 'invalid_json'],
    ['{"title":"a","title":"b"}', 400, 'repeated_name'],
    ['[{"__proto__":{"x":1}}]', 400, 'forbidden_name'],
    ['['.repeat(10_000) + ']'.repeat(10_000), 400, 'too_deep'],
    [`{"title":"${'x'.repeat(10_000_000)}"}`, 413, 'body_too_large'],
  ] as const)('of a body that nobody should send is refused: %#', async ([text, status, code]) => {
    expect(codeOf(await write('POST', '/works', { text }))).toEqual([status, code])
    const sent = { text, headers: { 'Content-Type': 'application/xml' } }
    if (status === 400) expect(codeOf(await write('POST', '/works', sent))).toEqual([415, 'unsupported_media_type'])
  })

  test('of somebody who changed department or is being checked is not there, nor can more be added', async () => {
    const nobody = await add(work('10.1000/z', { person_id: crypto.randomUUID() }))
    const changes = [
      () => db().person.update({ where: { id: anna.id }, data: { department: 'Law' } }),
      () => db().researcher.update({ where: { id: anna.researcherId }, data: { finding: 'being_checked' } }),
    ]
    system = await addSystem(fixture.manager, { name: 'Physics', rights, departments: ['Physics'] })
    await tell(system.id, [anna.researcherId])
    for (const [index, change] of changes.entries()) {
      await db().person.update({ where: { id: anna.id }, data: { department: 'Physics' } })
      const { json } = await add(work(`10.1000/${index}`))
      expect(json.state).toBe('waiting_for_answer')
      await change()
      for (const answer of [
        await add(work('10.1000/new')),
        await ask(system.key, `/works/${json.id}`),
        await write('DELETE', `/works/${json.id}`),
      ])
        expect([answer.status, answer.text]).toEqual([404, nobody.text])
      expect((await ask(system.key, '/works')).json.items).toEqual([])
    }
  })

  test('is listed page by page, by no cursor of another key or another list', async () => {
    for (const value of ['a', 'b', 'c']) await add(work(`10.1000/${value}`))
    const first = (await ask(system.key, '/works?limit=2')).json
    const second = (await ask(system.key, `/works?limit=2&cursor=${first.next_cursor}`)).json
    expect([first.items.length, second.items.length, second.next_cursor]).toEqual([2, 1, null])
    const other = await addSystem(fixture.manager, { name: 'Other', rights })
    for (const [key, path] of [
      [other.key, '/works'],
      [system.key, '/affiliations'],
    ])
      expect(codeOf(await ask(key ?? '', `${path}?cursor=${first.next_cursor}`))).toEqual([400, 'foreign_cursor'])
  })
})
