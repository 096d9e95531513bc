import { beforeEach, describe, expect, test } from 'vitest'
import { problems } from '@/lib/api/problem'
import { db } from '@/lib/db'
import { institution } from '@/lib/institution'
import { makeKeyText } from '@/lib/systems/key-format'
import { askInside as ask, connectSomebody, type Told } from '@/tests/support/api'
import { addToRoster, numbers, peoplePerFile } from '@/tests/support/people'
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

describe('a key', () => {
  const keyAfter = async (change: Promise<unknown>) => change.then(() => system.key)
  const keyed = (change: string) => fixture.rows(`update api_key set ${change} where id = $1`, [system.keyId])

  test.each([
    ['missing_key', async () => null],
    ['malformed_key', async () => `${system.key.slice(0, -1)}${system.key.endsWith('a') ? 'b' : 'a'}`],
    ['malformed_key', async () => 'cnc_test_'],
    ['unknown_key', async () => makeKeyText('test')],
    ['expired_key', () => keyAfter(keyed(`expires_at = now()`))],
    ['revoked_key', () => keyAfter(keyed(`revoked_at = now()`))],
    ['system_stopped', () => keyAfter(fixture.rows('update system set stopped_at = now()'))],
    ['system_expired', () => keyAfter(fixture.rows(`update system set expires_on = '2020-01-01'`))],
    ['network', () => keyAfter(fixture.rows(`update system set networks = '{192.0.2.0/24}'`))],
  ])('gets 401 and %s, and the same for somebody who is there as for nobody', async (code, make) => {
    const key = await make()
    const [there, nobody] = [await ask(key, `/people/${anna.id}`), await ask(key, `/people/${system.id}`)]
    expect(codeOf(there)).toEqual([401, code])
    expect(there.headers.get('www-authenticate')).toBe('Bearer')
    expect(nobody.text).toBe(there.text)
    expect(there.text).not.toContain(key ?? 'no key')
  })

  test('works from its network, and opens what its rights open', async () => {
    await fixture.rows(`update system set networks = '{203.0.113.0/24}'`)
    expect((await ask(system.key, '/people')).status).toBe(200)
    const writer = await addSystem(fixture.manager, { name: 'Writer', rights: ['affiliations:write'] })
    expect(codeOf(await ask(writer.key, '/people'))).toEqual([403, 'missing_right'])
    expect((await ask(writer.key, '/affiliations')).status).toBe(200)
  })

  test('is told how much it may still ask, and to wait once it has asked too much', async () => {
    const slow = await addSystem(fixture.manager, { name: 'Slow', perMinute: 2 })
    const answers = [await ask(slow.key, '/people'), await ask(slow.key, '/people'), await ask(slow.key, '/people')]
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429])
    expect(answers[0]?.headers.get('ratelimit-policy')).toBe('"system";q=2;w=60')
    expect(answers[0]?.headers.get('ratelimit')).toMatch(/^"system";r=1;t=\d+$/)
    expect(Number(answers[2]?.headers.get('retry-after'))).toBeGreaterThan(0)
  })
})

describe('what the API has', () => {
  test('are the paths and methods of its document, which anybody may read; a path that is none is 404, another method 405 with those that there are', async () => {
    const { json, status } = await ask(null, '/openapi.json')
    expect([status, json.openapi]).toEqual([200, '3.1.0'])
    expect(codeOf(await ask(system.key, '/nothing'))).toEqual([404, 'not_found'])
    const put = await ask(system.key, '/people', { method: 'PUT' })
    expect([...codeOf(put), put.headers.get('allow')]).toEqual([405, 'method_not_allowed', 'GET, HEAD, OPTIONS'])
    const head = await ask(system.key, '/people', { method: 'HEAD' })
    expect([head.status, head.text]).toEqual([200, ''])
    const options = await ask(system.key, '/affiliations', { method: 'OPTIONS' })
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, POST, HEAD, OPTIONS'])
    expect(options.headers.get('access-control-allow-origin')).toBeNull()
  })

  test.each([
    'limit=0',
    'limit=1001',
    'limit=x',
    'limit=1&limit=2',
    'unknown=1',
    'orcid=0000-0002-1825-0098',
    'orcid=',
    'local_id=',
    'local_id=%00',
    `cursor=${'x'.repeat(2_000)}`,
  ])('are parameters of the documented form: ?%s is refused by name', async (query) => {
    const answer = await ask(system.key, `/people?${query}`)
    expect(codeOf(answer)).toEqual([400, 'invalid_request'])
    expect(answer.json.errors).toHaveLength(1)
  })

  test('is counted: how many of its people it sees, by department and kind', async () => {
    await db().person.update({ where: { id: anna.id }, data: { localId: '1', department: 'Physics', kind: 'staff' } })
    await addToRoster('2')
    await addToRoster('3', { kind: 'student' })
    const { json } = await ask(system.key, '/coverage')
    expect(json).toEqual({
      people: 3,
      with_id: 1,
      groups: [
        { department: 'Physics', kind: 'staff', people: 2, with_id: 1 },
        { department: 'Physics', kind: 'student', people: 1, with_id: 0 },
      ],
    })
    await db().systemStop.create({ data: { systemId: system.id, researcherId: anna.researcherId, kind: 'stopped' } })
    // A count that took long is kept.
    institution().counted?.clear()
    expect((await ask(system.key, '/coverage')).json).toMatchObject({ people: 3, with_id: 0 })
  })

  test('is away while a restored database waits for its release', async () => {
    await fixture.rows(`insert into restore (found_by, held_at) values ('command', now())`)
    const answer = await ask(system.key, '/people')
    expect([...codeOf(answer), answer.headers.get('retry-after')]).toEqual([503, 'held', '600'])
  })

  test('is explained for every code of a refusal', () => {
    expect(Object.values(problems).every(({ status, title }) => status >= 400 && /[.…]$/.test(title))).toBe(true)
  })
})
