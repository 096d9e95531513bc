import { spawn } from 'node:child_process'
import { beforeEach, describe, expect, test } from 'vitest'
import { writeAffiliation } from '@/lib/affiliations/writing'
import { recordExample } from '@/lib/api/examples'
import { sections } from '@/lib/api/record-sections'
import { db } from '@/lib/db'
import { listMySystems } from '@/lib/systems/mine'
import { makeResearcherActor, makeStaffActor } from '@/tests/support/actors'
import { ourItems } from '@/tests/support/affiliations'
import { type Asked, askInside as ask, type Told } from '@/tests/support/api'
import { workInside } from '@/tests/support/inside'
import { connect } from '@/tests/support/journey'
import { stackPerFile } from '@/tests/support/stack-per-file'
import { addSystem, completeSystem, tell } from '@/tests/support/systems'

const grace = '0000-0099-5475-2774'
const ada = '0000-0099-9458-0735'
const noor = '0000-0099-4262-1291'
const fixture = stackPerFile({ STAFF_ADMINS: grace, WORKER: 'none' })
workInside(fixture)

const rights = [...completeSystem().rights, 'works:write' as const]
const add = async (entry: Parameters<typeof addSystem>[1] = {}) => {
  const { id: staffId } = await db().staffMember.findFirstOrThrow({ where: { orcid: grace } })
  return addSystem(makeStaffActor({ staffId, orcid: grace, role: 'admin' }), { rights, ...entry })
}
let system: Awaited<ReturnType<typeof add>>
let researcherId = ''
let nobody: Told

beforeEach(async () => {
  await fixture.stack.registry.configure({ limit: { enabled: false } })
  await connect(fixture.stack, { orcid: ada, scopes: ['/read-limited', '/activities/update'] })
  ;({ id: researcherId } = await db().researcher.findUniqueOrThrow({ where: { orcid: ada } }))
  system = await add()
  await tell(system.id, [researcherId])
  nobody = await ask(system.key, `/orcid/${noor}/record`)
})

const json = { Accept: 'application/json' }
const read = (path: string, asked: Asked = {}) =>
  ask(system.key, `/orcid/${ada}${path}`, { ...asked, headers: { ...json, ...asked.headers } })
const codeOf = ({ status, json }: Told) => [status, json?.code]
const pointersOf = ({ json }: Told) => json.errors.map(({ pointer }: { pointer: string }) => pointer)
const items = () => ourItems(fixture.stack.registry, ada)
const sent = async () => (await fixture.stack.registry.apiRequests()).map(({ method, path }) => `${method} ${path}`)

const position = (more: object = {}) => ({
  'role-title': 'Lecturer',
  'department-name': 'Physics',
  'start-date': { year: { value: '2021' }, month: { value: '03' }, day: null },
  organization: { name: 'University of Example' },
  'external-ids': {
    'external-id': [
      { 'external-id-type': 'other-id', 'external-id-value': 'hr-1', 'external-id-relationship': 'self' },
    ],
  },
  ...more,
})
const identified = (value: string) => ({
  'external-ids': {
    'external-id': [{ 'external-id-type': 'other-id', 'external-id-value': value, 'external-id-relationship': 'self' }],
  },
})
const post = (body: object = position(), asked: Asked = {}) => read('/employment', { method: 'POST', body, ...asked })
const putCodeOf = ({ headers }: Told) => headers.get('location')?.split('/').at(-1) ?? ''

describe('reading a record by proxy', () => {
  test('gives each section as ORCID has it, in JSON or XML, and the token stays here', async () => {
    await fixture.stack.registry.addItem(ada, {
      section: 'keywords',
      content: { content: 'bees' },
      visibility: 'limited',
    })
    for (const section of ['', ...sections.map((name) => `/${name}`)]) {
      const { status, json: told, text } = await read(section)
      expect([section, status, typeof told]).toEqual([section, 200, 'object'])
      expect(text).toContain(ada)
    }
    const keywords = await read('/keywords')
    const keyword = keywords.json.keyword.find(({ content }: { content: string }) => content === 'bees')
    expect(keyword.visibility).toBe('limited')
    expect((await read(`/keywords/${keyword['put-code']}`)).json.content).toBe('bees')
    const token = (await fixture.liveTokens()).map(({ accessToken }) => accessToken)
    for (const type of ['application/xml', 'application/vnd.orcid+xml', 'application/orcid+json']) {
      const { headers, text } = await read('/person', { headers: { Accept: type } })
      expect(headers.get('content-type')).toBe(`${type};charset=UTF-8`)
      expect(text).toMatch(type.endsWith('xml') ? /^<\?xml/ : /^\{/)
      for (const each of token) expect(text).not.toContain(each)
    }
    expect((await read('/person', { headers: { Accept: '*/*' } })).headers.get('content-type')).toMatch(/xml/)
    expect(codeOf(await read('/person', { headers: { Accept: 'text/html' } }))).toEqual([406, 'not_acceptable'])
  })

  test('is in the list of calls, and on the page of the person, by the system', async () => {
    await read('/works')
    const call = { actor_kind: 'api', actor_id: system.id, purpose: 'read', path: `/${ada}/works`, outcome: 'ok' }
    expect(
      await fixture.rows('select actor_kind::text, actor_id::text, purpose::text, path, outcome::text from orcid_call'),
    ).toContainEqual(call)
    expect(
      await fixture.rows(`select "right", times from system_use where researcher_id = $1`, [researcherId]),
    ).toEqual([{ right: 'record:read', times: 1 }])
    const [mine] = await listMySystems(makeResearcherActor({ researcherId, orcid: ada }), 'en')
    expect(mine).toMatchObject({ systemId: system.id, uses: [{ right: 'record:read', times: 1 }], wrote: [] })
  })

  test('asks ORCID for nothing but the paths of records', async () => {
    const before = await sent()
    for (const [path, status] of [
      ['/employment%2F5', 400],
      ['/notification-permission', 400],
      ['/work/5,6', 404],
      ['/works/5,', 400],
      ['/employment/0', 400],
      ['/employment/5x', 400],
      ['/employment/summary/5/6', 404],
      ['/works?access_token=x', 400],
      ['/search', 400],
    ] as const)
      expect([path, (await read(path)).status]).toEqual([path, status])
    expect(await sent()).toEqual(before)
    // The platform resolves dots before a request gets to a route.
    for (const path of ['/record/../../../people', '/employments/%2e%2e/%2e%2e/%2e%2e/search'])
      expect([path, (await read(path)).status === 200 ? (await sent()).length : before.length]).toEqual([
        path,
        before.length,
      ])
  })

  test.each([
    ['nobody here', () => undefined],
    [
      'somebody who has stopped the system',
      () =>
        fixture.rows(`insert into system_stop (system_id, researcher_id, kind) select id, $1, 'stopped' from system`, [
          researcherId,
        ]),
    ],
    [
      'somebody who is being checked',
      () => db().researcher.update({ where: { id: researcherId }, data: { finding: 'being_checked' } }),
    ],
    [
      'somebody who is confidential',
      () =>
        db().person.update({ where: { orcid: ada }, data: { confidential: true, localId: '1', origin: 'imported' } }),
    ],
    [
      'somebody who changed department',
      () => db().person.update({ where: { orcid: ada }, data: { department: 'Law' } }),
    ],
    [
      'somebody who lets it know their iD only',
      () =>
        fixture.rows(
          `update researcher set live_scopes = '{openid}', live_scopes_given_at = array[now()], state = 'identity_only'`,
        ),
    ],
  ])(
    'says the same of %s: reading, writing, and of every section; and 403 where it was let before',
    async (_what, change) => {
      system = await add({ name: 'Physics', departments: ['Physics'] })
      const unused = await add({ name: 'Physics pages', departments: ['Physics'] })
      for (const { id } of [system, unused]) await tell(id, [researcherId])
      await db().person.update({ where: { orcid: ada }, data: { department: 'Physics' } })
      expect((await read('/works')).status).toBe(200)
      const made = await post(position(identified('hr-7')))
      expect(made.status).toBe(201)
      const before = (await sent()).length
      const isNobody = (await change()) === undefined
      const orcid = isNobody ? noor : ada
      const path = `/orcid/${orcid}/employment`
      const askAll = async (key: string) => [
        await ask(key, `/orcid/${orcid}/works`, { headers: json }),
        await ask(key, `/orcid/${orcid}`),
        await ask(key, path, { method: 'POST', body: position(identified('hr-8')) }),
        await ask(key, `${path}/${putCodeOf(made)}`, { method: 'PUT', body: position() }),
        await ask(key, `${path}/${putCodeOf(made)}`, { method: 'DELETE' }),
      ]
      for (const { status, text } of await askAll(unused.key)) expect([status, text]).toEqual([404, nobody.text])
      for (const answer of await askAll(system.key)) {
        if (isNobody) expect([answer.status, answer.text]).toEqual([404, nobody.text])
        else expect(codeOf(answer)).toEqual([403, 'not_permitted'])
      }
      expect((await sent()).length).toBe(before)
    },
  )

  test('takes the right, and an iD that is one', async () => {
    const other = await add({ name: 'Other', rights: ['people:read'] })
    await tell(other.id, [researcherId])
    expect(codeOf(await ask(other.key, `/orcid/${ada}/works`))).toEqual([403, 'missing_right'])
    expect(codeOf(await ask(other.key, `/orcid/${ada}/employment`, { method: 'POST', body: position() }))).toEqual([
      403,
      'missing_right',
    ])
    for (const orcid of ['0000-0002-1825-0098', 'x', ada.replaceAll('-', '')])
      expect(codeOf(await ask(system.key, `/orcid/${orcid}/works`))).toEqual([400, 'invalid_request'])
    for (const key of ['cnc_test_x', `${system.key}x`, null])
      expect((await ask(key, `/orcid/${ada}/works`)).status).toBe(401)
  })

  test.each([
    ['merged', { state: 'merged', mergedInto: noor }, 409, 'record_deprecated'],
    ['locked', { state: 'locked' }, 409, 'record_locked'],
    // ORCID refuses the token before it says that the record is closed.
    ['deactivated', { state: 'deactivated' }, 403, 'permission_refused'],
  ] as const)(
    'tells that ORCID says a record is %s, and ends nothing by itself',
    async (_what, state, status, code) => {
      await fixture.stack.registry.setRecordState(ada, state)
      try {
        for (const Accept of ['application/json', 'application/xml']) {
          const answer = await read('/works', { headers: { Accept } })
          expect(codeOf(answer)).toEqual([status, code])
          if (code === 'record_deprecated') expect(answer.json.detail).toContain(noor)
        }
        // A refused token decides nothing about an item, which waits.
        const written = await post()
        expect(written.status === 202 ? written.json.state : codeOf(written)).toEqual(
          code === 'permission_refused' ? 'waiting_for_orcid' : [status, code],
        )
        expect(await items()).toEqual([])
      } finally {
        await fixture.stack.registry.setRecordState(ada, { state: 'ok' })
      }
      expect(await db().grant.count({ where: { state: 'live' } })).toBe(1)
      expect(
        await fixture.rows(`select 1 from graphile_worker.jobs where task_identifier = 'grant.check'`),
      ).not.toEqual([])
    },
  )

  test('has ORCID’s refusal of a token checked, and tells neither the token nor that it ended', async () => {
    await fixture.stack.registry.refuseTokens()
    const answer = await read('/works')
    expect(codeOf(answer)).toEqual([403, 'permission_refused'])
    expect(await db().grant.count({ where: { state: 'live' } })).toBe(1)
    expect(await fixture.rows(`select 1 from graphile_worker.jobs where task_identifier = 'grant.check'`)).not.toEqual(
      [],
    )
  })

  test('tells what ORCID refuses, with its status, and that ORCID is away', async () => {
    const hidden = await fixture.stack.registry.addItem(ada, {
      section: 'keywords',
      content: { content: 'secret' },
      visibility: 'private',
    })
    for (const Accept of ['application/json', 'application/xml']) {
      const refused = await read(`/keywords/${hidden.putCode}`, { headers: { Accept } })
      expect(codeOf(refused)).toEqual([403, 'orcid_refused'])
      expect((await read('/keywords/987654321', { headers: { Accept } })).text).toBe(nobody.text)
    }
    const before = (await sent()).length
    await fixture.rows(`update orcid_rate_limit set circuit_open_until = clock_timestamp() + interval '1 minute'`)
    const away = await read('/works')
    expect([...codeOf(away), away.headers.get('retry-after')]).toEqual([503, 'orcid_unavailable', '30'])
    expect((await sent()).length).toBe(before)
    await fixture.rows('update orcid_rate_limit set circuit_open_until = null, failures = 0')
  })

  test('keeps private addresses from a system that may not have them, whatever the token opens', async () => {
    await fixture.rows(`update researcher set live_scopes = live_scopes || '{/email/read-private}',
      live_scopes_given_at = live_scopes_given_at || array[now()]`)
    for (const section of ['/email', '/person', '/record', ''])
      expect(codeOf(await read(section))).toEqual([403, 'not_permitted'])
    expect((await read('/works')).status).toBe(200)
  })
})

describe('writing to a record by proxy', () => {
  test('is done when the answer comes: an item is added, read, changed and removed by its put-code', async () => {
    const added = await post()
    expect([added.status, added.text]).toEqual([201, ''])
    const code = putCodeOf(added)
    expect(added.headers.get('location')).toBe(`/api/v1/orcid/${ada}/employment/${code}`)
    expect(await items()).toMatchObject([
      { putCode: code, section: 'employment', content: { 'role-title': 'Lecturer' } },
    ])
    const stored = (await read(`/employment/${code}`)).json
    expect(stored).toMatchObject({ 'put-code': Number(code), 'start-date': { month: { value: '03' } } })
    const changed = await read(`/employment/${code}`, {
      method: 'PUT',
      body: position({ 'put-code': Number(code), 'role-title': 'Professor', 'end-date': null }),
    })
    expect([changed.status, changed.json]).toMatchObject([200, { 'put-code': Number(code), 'role-title': 'Professor' }])
    expect(await items()).toMatchObject([{ content: { 'role-title': 'Professor' } }])
    const [item] = (await ask(system.key, '/affiliations')).json.items
    expect(item).toMatchObject({ state: 'in_orcid', put_code: code, external_id: 'hr-1', title: 'Professor' })
    expect((await read(`/employment/${code}`, { method: 'DELETE' })).status).toBe(204)
    expect(await items()).toEqual([])
    expect((await read(`/employment/${code}`, { method: 'DELETE' })).text).toBe(nobody.text)
    const events = await fixture.rows(
      `select distinct action from audit_event where actor_kind = 'api' and actor_id = $1 and action like 'affiliation%'`,
      [system.id],
    )
    expect(events.map(({ action }) => action).sort()).toEqual(
      ['added', 'changed', 'removal_asked'].map((what) => `affiliation.${what}`),
    )
  })

  test('works for the other kinds as it does at ORCID, with its media type', async () => {
    const headers = { 'Content-Type': 'application/vnd.orcid+json' }
    for (const section of ['education', 'qualification', 'invited-position', 'distinction', 'membership', 'service']) {
      const added = await read(`/${section}`, { method: 'POST', body: position(), headers })
      expect(added.headers.get('location')).toMatch(new RegExp(`^/api/v1/orcid/${ada}/${section}/\\d+$`))
      expect(await items()).toContainEqual(expect.objectContaining({ section, putCode: putCodeOf(added) }))
    }
  })

  test('changes what the system itself added, and nothing of anybody else', async () => {
    const code = putCodeOf(await post())
    const theirs = await fixture.stack.registry.addItem(ada, {
      section: 'employment',
      content: { 'role-title': 'Own', organization: { name: 'Elsewhere' } },
    })
    const other = await add({ name: 'Other' })
    await tell(other.id, [researcherId])
    const cases: [string, string][] = [
      [system.key, `/employment/${theirs.putCode}`],
      [system.key, '/employment/987654321'],
      [system.key, `/education/${code}`],
      [other.key, `/employment/${code}`],
    ]
    for (const [key, path] of cases) {
      const body = position({ 'put-code': Number(path.split('/').at(-1)) })
      const put = await ask(key, `/orcid/${ada}${path}`, { method: 'PUT', body })
      const removed = await ask(key, `/orcid/${ada}${path}`, { method: 'DELETE' })
      expect([path, put.text, removed.text]).toEqual([path, nobody.text, nobody.text])
    }
    expect(await items()).toMatchObject([{ putCode: code, content: { 'role-title': 'Lecturer' } }])
  })

  test('of the same identifier again is refused with the put-code; with an idempotency key it finds what was written', async () => {
    const code = putCodeOf(await post())
    const again = await post()
    expect([...codeOf(again), again.json.detail]).toEqual([409, 'already_exists', `Its put-code is ${code}.`])
    const headers = { 'Idempotency-Key': 'k-1' }
    const first = await post(position(identified('hr-2')), { headers })
    const second = await post(position(identified('hr-2')), { headers })
    expect([second.status, putCodeOf(second), second.headers.get('idempotency-replayed')]).toEqual([
      201,
      putCodeOf(first),
      'true',
    ])
    expect(codeOf(await post(position(identified('hr-3')), { headers }))).toEqual([422, 'idempotency_key_reused'])
    expect(await items()).toHaveLength(2)
  })

  test('is queued where the system does not want to wait, and where ORCID does not answer', async () => {
    const queued = await post(position(), { headers: { Prefer: 'respond-async' } })
    expect([queued.status, queued.headers.get('preference-applied')]).toEqual([202, 'respond-async'])
    const state = queued.headers.get('location')?.replace('/api/v1', '') ?? ''
    expect((await ask(system.key, state)).json).toMatchObject({ state: 'pending', put_code: null })
    expect(await items()).toEqual([])
    await writeAffiliation(queued.json.id)
    expect((await ask(system.key, state)).json).toMatchObject({ state: 'in_orcid' })
    await fixture.stack.registry.addFault({ on: 'api', fault: 'unavailable_503', method: 'POST' })
    const waiting = await post(position(identified('hr-2')))
    expect([waiting.status, waiting.json.state]).toEqual([202, 'waiting_for_orcid'])
    await fixture.rows('update orcid_rate_limit set circuit_open_until = null, failures = 0')
  })

  test('of what an item cannot hold is refused with a pointer, and nothing is dropped', async () => {
    await db().person.update({ where: { orcid: ada }, data: { localId: '0042', origin: 'imported' } })
    const cases: [object, string[]][] = [
      [{ visibility: 'public' }, ['/visibility']],
      [{ 'put-code': 5 }, ['/put-code']],
      [{ colour: 'red' }, ['/colour']],
      [{ 'role-title': null }, ['/role-title']],
      [{ organization: { name: 'Elsewhere' } }, ['/organization/name']],
      [{ organization: undefined }, ['/organization']],
      [
        {
          organization: {
            name: 'University of Example',
            'disambiguated-organization': {
              'disambiguated-organization-identifier': '1',
              'disambiguation-source': 'RINGGOLD',
            },
          },
        },
        [
          '/organization/disambiguated-organization/disambiguated-organization-identifier',
          '/organization/disambiguated-organization/disambiguation-source',
        ],
      ],
      [{ 'start-date': { year: { value: '2021' }, day: { value: '1' } } }, ['/start-date/month']],
      [{ 'start-date': { year: { value: '21' } } }, ['/start-date']],
      [{ 'end-date': { year: { value: '2020' } } }, ['/end-date']],
      [{ url: { value: 'javascript:alert(1)' } }, ['/url/value']],
      [identified('0042'), ['/external-ids/external-id/0/external-id-value']],
      [
        {
          'external-ids': {
            'external-id': [
              {
                'external-id-type': 'grant_number',
                'external-id-value': '1',
                'external-id-url': { value: 'https://example.org' },
                'external-id-relationship': 'part-of',
              },
            ],
          },
        },
        ['/external-ids/external-id/0/external-id-type', '/external-ids/external-id/0/external-id-relationship'],
      ],
    ]
    for (const [more, pointers] of cases) {
      const answer = await post(position(more))
      expect([more, ...codeOf(answer), pointersOf(answer)]).toEqual([more, 400, 'invalid_request', pointers])
    }
    expect(await db().affiliation.count()).toBe(0)
  })

  test('of a body that is no JSON of one meaning, too large or XML is refused', async () => {
    const cases: [string, number, string, Record<string, string>][] = [
      ['{', 400, 'invalid_json', {}],
      ['', 400, 'invalid_json', {}],
      ['[]', 400, 'invalid_request', {}],
      ['{"role-title":"a","role-title":"b"}', 400, 'repeated_name', {}],
      ['{"__proto__":{"x":1}}', 400, 'forbidden_name', {}],
      ['['.repeat(10_000) + ']'.repeat(10_000), 400, 'too_deep', {}],
      [`{"role-title":"${'x'.repeat(10_000_000)}"}`, 413, 'body_too_large', {}],
      [
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
        415,
        'unsupported_media_type',
        { 'Content-Type': 'application/vnd.orcid+xml' },
      ],
    ]
    for (const [text, status, code, headers] of cases) {
      for (const path of ['/employment', '/work'])
        expect(codeOf(await read(path, { method: 'POST', text, headers }))).toEqual([status, code])
    }
    expect(await db().affiliation.count()).toBe(0)
  })

  test('is not for sections that the portal keeps no items of', async () => {
    for (const section of ['keywords', 'funding', 'peer-review', 'person', 'works']) {
      const answer = await read(`/${section}`, { method: 'POST', body: {} })
      expect([section, ...codeOf(answer), answer.headers.get('allow')]).toEqual([
        section,
        405,
        'read_only',
        'GET, HEAD',
      ])
    }
    expect(codeOf(await read('/keywords/5', { method: 'DELETE' }))).toEqual([405, 'read_only'])
  })

  test('what ORCID refuses is not kept, so that it can be sent again', async () => {
    await fixture.stack.registry.setRecordState(ada, { state: 'locked' })
    expect(codeOf(await post())).toEqual([409, 'record_locked'])
    await fixture.stack.registry.setRecordState(ada, { state: 'ok' })
    expect((await post()).status).toBe(201)
  })

  test('of a work waits for the person, and is done at once for one who chose so', async () => {
    const work = (value: string, more: object = {}) => ({
      title: { title: { value: 'On bees' } },
      type: 'journal-article',
      'external-ids': {
        'external-id': [{ 'external-id-type': 'doi', 'external-id-value': value, 'external-id-relationship': 'self' }],
      },
      ...more,
    })
    const asked = await read('/work', { method: 'POST', body: work('10.1000/a') })
    expect([asked.status, asked.json.state]).toEqual([202, 'waiting_for_answer'])
    expect(asked.headers.get('location')).toBe(`/api/v1/works/${asked.json.id}`)
    await db().researcher.update({ where: { id: researcherId }, data: { worksPreference: 'automatic' } })
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

test('the example of the page for developers runs as it is', async () => {
  const env = {
    ...process.env,
    CONCORD_URL: fixture.stack.portal.url,
    CONCORD_KEY: system.key,
    ORCID_ID: ada,
    INSTITUTION: 'University of Example',
  }
  const child = spawn('bash', ['-c', `set -e\n${recordExample.code}`], { env })
  let out = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (out += part))
  const code = await new Promise((resolve) => child.once('close', resolve))
  expect([code, out]).toEqual([0, expect.stringContaining(`"path":"/${ada}/works"`)])
  const [item] = await items()
  expect(out).toMatch(new RegExp(`location: /api/v1/orcid/${ada}/employment/${item?.putCode}\\r`, 'i'))
  expect(fixture.stack.portal.logs.join('\n')).not.toContain(system.key)
})

test('an iD that ORCID merged is nobody’s in the whole API once that is known', async () => {
  const { id } = await db().person.findUniqueOrThrow({ where: { orcid: ada } })
  expect((await ask(system.key, `/people/${id}`)).status).toBe(200)
  await fixture
    .rows(`update "grant" set state = 'ended', ended_because = 'record_deprecated', ended_at = now()`)
    .catch(() => undefined)
  await db().researcher.update({
    where: { id: researcherId },
    data: {
      state: 'expired',
      finding: 'record_deprecated',
      primaryOrcid: noor,
      liveScopes: [],
      liveScopesGivenAt: [],
    },
  })
  expect((await ask(system.key, `/people/${id}`)).text).toBe(nobody.text)
  expect((await ask(system.key, `/people?orcid=${ada}`)).json.items).toEqual([])
  expect(codeOf(await read('/works'))).toEqual([403, 'not_permitted'])
})
