import { beforeEach, describe, expect, test } from 'vitest'
import { claimItem } from '@/lib/affiliations/claim'
import { removeMyAffiliation } from '@/lib/affiliations/commands'
import { db } from '@/lib/db'
import { makeResearcherActor } from '@/tests/support/actors'
import { type Asked, askInside as ask, connectSomebody, type Told } from '@/tests/support/api'
import { addItem, numbers, peoplePerFile } from '@/tests/support/people'
import { addSystem, tell } from '@/tests/support/systems'

const fixture = peoplePerFile()
let system: Awaited<ReturnType<typeof addSystem>>
let anna: Awaited<ReturnType<typeof connectSomebody>>

beforeEach(async () => {
  system = await addSystem(fixture.manager)
  anna = await connectSomebody(numbers.a)
  await tell(system.id, [anna.researcherId])
})

const codeOf = ({ status, json }: Told) => [status, json?.code]
const position = (more: object = {}) => ({
  person_id: anna.id,
  type: 'employment',
  title: 'Lecturer',
  external_id: 'hr-1',
  ...more,
})
const write = (method: string, path: string, { key, ...asked }: Asked & { key?: string } = {}) =>
  ask(key ?? system.key, path, {
    method,
    ...asked,
    headers: { 'Idempotency-Key': crypto.randomUUID(), ...asked.headers },
  })
const add = (more: object = {}, asked: Asked & { key?: string } = {}) =>
  write('POST', '/affiliations', { body: position(more), ...asked })

describe('an item of a system', () => {
  test('is added, read, changed and removed, and its state says how far that is', async () => {
    const added = await add({ department: 'Physics', start_date: '2021-03', url: 'https://example.org/anna' })
    expect(added.status).toBe(202)
    expect(added.json).toMatchObject({
      ...position(),
      department: 'Physics',
      start_date: '2021-03',
      end_date: null,
      state: 'pending',
      put_code: null,
    })
    const path = `/affiliations/${added.json.id}`
    expect(added.headers.get('location')).toBe(`/api/v1${path}`)
    expect((await ask(system.key, path)).json).toEqual(added.json)
    await db().affiliation.update({
      where: { id: added.json.id },
      data: { state: 'in_orcid', putCode: '77', writtenRevision: 1 },
    })
    const changed = await write('PUT', path, { body: { type: 'employment', title: 'Professor' } })
    expect(changed.json).toMatchObject({
      title: 'Professor',
      department: null,
      external_id: 'hr-1',
      state: 'updating',
      put_code: '77',
    })
    expect((await ask(system.key, '/affiliations')).json).toEqual({ items: [changed.json], next_cursor: null })
    expect((await write('DELETE', path)).json).toMatchObject({ id: added.json.id, state: 'deleting' })
    expect((await write('DELETE', path)).status).toBe(202)
    const events = await fixture.rows(
      `select action, actor_kind::text, actor_id, researcher_id from audit_event where action like 'affiliation.%' order by id`,
    )
    const by = { actor_kind: 'api', actor_id: system.id, researcher_id: anna.researcherId }
    expect(events).toEqual(
      ['added', 'changed', 'removal_asked'].map((what) => ({ action: `affiliation.${what}`, ...by })),
    )
    expect(
      await fixture.rows(`select "right", times from system_use where researcher_id = $1`, [anna.researcherId]),
    ).toContainEqual({ right: 'affiliations:write', times: 4 })
  })

  test('can be added again after the system has removed it, and not after the person has', async () => {
    const { json } = await add()
    await write('DELETE', `/affiliations/${json.id}`)
    expect((await add()).json).toMatchObject({ id: json.id, state: 'pending' })
    await removeMyAffiliation(makeResearcherActor(anna), json.id, 'TEST-0001')
    for (const refused of [
      await add(),
      await write('PUT', `/affiliations/${json.id}`, { body: { type: 'employment', title: 'x' } }),
    ]) {
      expect(codeOf(refused)).toEqual([409, 'removed_by_person'])
    }
  })

  test('is one of its own: those of staff and of other systems are not there to it, and not taken over', async () => {
    const ours = await addItem(anna.id, 'hr-9', { researcherId: anna.researcherId, state: 'pending' })
    const other = await addSystem(fixture.manager, { name: 'Another' })
    await tell(other.id, [anna.researcherId])
    const { json } = await add({ external_id: 'hr-2' }, { key: other.key })
    for (const id of [ours, json.id, system.id]) {
      expect(codeOf(await ask(system.key, `/affiliations/${id}`))).toEqual([404, 'not_found'])
      expect(codeOf(await write('PUT', `/affiliations/${id}`, { body: { type: 'employment', title: 'x' } }))).toEqual([
        404,
        'not_found',
      ])
      expect(codeOf(await write('DELETE', `/affiliations/${id}`))).toEqual([404, 'not_found'])
    }
    for (const external_id of ['hr-9', 'HR-2'])
      expect(codeOf(await add({ external_id }))).toEqual([409, 'already_exists'])
    expect((await ask(system.key, '/affiliations')).json.items).toEqual([])
  })

  test('is for a person who lets the system write, and for nobody else', async () => {
    expect(codeOf(await add({ person_id: system.id }))).toEqual([404, 'not_found'])
    const bo = await connectSomebody(numbers.b)
    expect(codeOf(await add({ person_id: bo.id }))).toEqual([404, 'not_found'])
    const reader = await connectSomebody(numbers.c, 'Reads Only', ['/read-limited', 'openid'])
    await tell(system.id, [reader.researcherId])
    expect(codeOf(await add({ person_id: reader.id }))).toEqual([403, 'not_permitted'])
    const { json } = await add()
    await db().systemStop.create({ data: { systemId: system.id, researcherId: anna.researcherId, kind: 'paused' } })
    expect(codeOf(await add({ external_id: 'hr-2' }))).toEqual([404, 'not_found'])
    expect(codeOf(await ask(system.key, `/affiliations/${json.id}`))).toEqual([404, 'not_found'])
    expect((await ask(system.key, '/affiliations')).json.items).toEqual([])
  })

  test('is not written while the person has paused the system, is afterwards, and can be removed meanwhile', async () => {
    const { json } = await add()
    const other = await add({ external_id: 'hr-2' })
    await write('DELETE', `/affiliations/${other.json.id}`)
    await db().systemStop.create({ data: { systemId: system.id, researcherId: anna.researcherId, kind: 'paused' } })
    expect(await claimItem(json.id)).toBeNull()
    expect(await claimItem(other.json.id)).not.toBeNull()
    await db().systemStop.deleteMany()
    expect(await claimItem(json.id)).not.toBeNull()
  })

  test.each([
    ['staff have stopped the system', { stoppedAt: new Date() }],
    ['the system has expired', { expiresOn: new Date(0) }],
  ])('is not written once %s, and what it wanted removed is', async (_when, data) => {
    const { json } = await add()
    const other = await add({ external_id: 'hr-2' })
    await write('DELETE', `/affiliations/${other.json.id}`)
    await db().system.update({ where: { id: system.id }, data, select: { id: true } })
    expect(await claimItem(json.id)).toBeNull()
    expect(await claimItem(other.json.id)).not.toBeNull()
    await db().system.update({ where: { id: system.id }, data: { stoppedAt: null, expiresOn: null } })
    expect(await claimItem(json.id)).not.toBeNull()
  })

  test('that is on the wrong record is not changed there', async () => {
    const { json } = await add()
    await db().affiliation.update({ where: { id: json.id }, data: { misplaced: true }, select: { id: true } })
    const changed = await write('PUT', `/affiliations/${json.id}`, { body: { type: 'employment', title: 'Professor' } })
    expect(codeOf(changed)).toEqual([404, 'not_found'])
    expect(await db().affiliation.findFirst()).toMatchObject({ title: 'Lecturer', misplaced: true })
  })

  test('is listed page by page, of one person or of all', async () => {
    const ids: string[] = []
    for (let n = 0; n < 5; n++) ids.push((await add({ external_id: `hr-${n}` })).json.id)
    const bo = await connectSomebody(numbers.b)
    await tell(system.id, [bo.researcherId])
    await add({ person_id: bo.id })
    const found: string[] = []
    for (let next: string | null = ''; next !== null; ) {
      const { json }: Told = await ask(
        system.key,
        `/affiliations?person_id=${anna.id}&limit=2${next && `&cursor=${next}`}`,
      )
      found.push(...json.items.map(({ id }: { id: string }) => id))
      next = json.next_cursor
    }
    expect(found).toEqual(ids.sort())
    expect((await ask(system.key, '/affiliations')).json.items).toHaveLength(6)
  })
})

describe('an idempotency key', () => {
  const keyed = (key: string, more: object = {}, by = system) =>
    write('POST', '/affiliations', { body: position(more), key: by.key, headers: { 'Idempotency-Key': key } })

  test('makes the same request again find what was written, once, also when it is sent twice at the same time', async () => {
    const first = await keyed('k-1')
    const again = await keyed('k-1')
    expect([again.status, again.json, again.headers.get('idempotency-replayed')]).toEqual([202, first.json, 'true'])
    const both = await Promise.all(Array.from({ length: 6 }, () => keyed('k-2', { external_id: 'hr-2' })))
    const ids = new Set(both.filter(({ status }) => status === 202).map(({ json }) => json.id))
    expect(ids.size).toBe(1)
    for (const each of both.filter(({ status }) => status !== 202))
      expect(codeOf(each)).toEqual([409, 'request_in_progress'])
    expect(await db().affiliation.count()).toBe(2)
  })

  test('belongs to one request of one system, for a day', async () => {
    await keyed('k-1')
    expect(codeOf(await keyed('k-1', { title: 'Another' }))).toEqual([422, 'idempotency_key_reused'])
    const other = await addSystem(fixture.manager, { name: 'Another' })
    await tell(other.id, [anna.researcherId])
    expect((await keyed('k-1', { external_id: 'hr-7' }, other)).status).toBe(202)
    await fixture.rows(`update api_write set at = now() - interval '25 hours'`)
    expect((await keyed('k-1', { external_id: 'hr-8' })).status).toBe(202)
  })

  test('is needed, and a request that was refused has not used it up', async () => {
    const without = await ask(system.key, '/affiliations', { method: 'POST', body: position() })
    expect(codeOf(without)).toEqual([400, 'missing_idempotency_key'])
    expect((await keyed('k-1', { title: '' })).status).toBe(400)
    expect((await keyed('k-1')).status).toBe(202)
  })
})

describe('a body', () => {
  test.each([
    ['{', 'invalid_json', undefined],
    ['', 'invalid_json', undefined],
    ['{"title":"a","title":"b"}', 'repeated_name', '/title'],
    ['{"__proto__":{"x":1}}', 'forbidden_name', '/__proto__'],
    ['['.repeat(10_000) + ']'.repeat(10_000), 'too_deep', undefined],
    ['[]', 'invalid_request', ''],
    ['null', 'invalid_request', ''],
  ])('%.30s is refused as %s', async (text, code, pointer) => {
    const answer = await write('POST', '/affiliations', { text })
    expect(codeOf(answer)).toEqual([400, code])
    expect(answer.json.errors?.[0]?.pointer).toBe(pointer)
  })

  test.each([
    [{ person_id: '0000-0002-1825-0097' }, '/person_id'],
    [{ type: 'job' }, '/type'],
    [{ title: ' ' }, '/title'],
    [{ title: 'a\u0000b' }, '/title'],
    [{ title: 'x'.repeat(4_001) }, '/title'],
    [{ start_date: '2021-13' }, '/start_date'],
    [{ start_date: '03.2021' }, '/start_date'],
    [{ end_date: '2021' }, '/end_date'],
    [{ start_date: '2021', end_date: '2020' }, '/end_date'],
    [{ url: 'javascript:alert(1)' }, '/url'],
    [{ external_id: '1.2E+5' }, '/external_id'],
    [{ external_id: '0042' }, '/external_id'],
    [{ state: 'in_orcid' }, ''],
    [{ title: 5 }, '/title'],
  ])('with %o is refused with a pointer to it', async (more, pointer) => {
    await db().person.update({ where: { id: anna.id }, data: { localId: '0042' } })
    const answer = await add(more)
    expect(codeOf(answer)).toEqual([400, 'invalid_request'])
    expect(answer.json.errors.map((each: { pointer: string }) => each.pointer)).toEqual([pointer])
    expect(await db().affiliation.count()).toBe(0)
  })

  test('is JSON, and at most 256 kB, whatever its length says', async () => {
    const form = { text: 'title=x', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } }
    expect(codeOf(await write('POST', '/affiliations', form))).toEqual([415, 'unsupported_media_type'])
    const large = { text: `{"title":"${'x'.repeat(10_000_000)}"}` }
    expect(codeOf(await write('POST', '/affiliations', large))).toEqual([413, 'body_too_large'])
    const { json } = await add()
    expect(codeOf(await write('PUT', `/affiliations/${json.id}`, { body: { type: 'education', title: 'x' } }))).toEqual(
      [400, 'invalid_request'],
    )
  })
})
