import { describe, expect, test } from 'vitest'
import { sections } from '@/lib/api/record-sections'
import { db } from '@/lib/db'
import { listMySystems } from '@/lib/systems/mine'
import { makeResearcherActor } from '@/tests/support/actors'
import { askInside as ask } from '@/tests/support/api'
import { ada, codeOf, identified, noor, position, proxyPerFile, putCodeOf } from '@/tests/support/proxy'
import { tell } from '@/tests/support/systems'

const { fixture, now, add, read, post, items, sent } = proxyPerFile()

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
    const call = { actor_kind: 'api', actor_id: now.system.id, purpose: 'read', path: `/${ada}/works`, outcome: 'ok' }
    expect(
      await fixture.rows('select actor_kind::text, actor_id::text, purpose::text, path, outcome::text from orcid_call'),
    ).toContainEqual(call)
    expect(
      await fixture.rows(`select "right", times from system_use where researcher_id = $1`, [now.researcherId]),
    ).toEqual([{ right: 'record:read', times: 1 }])
    const [mine] = await listMySystems(makeResearcherActor({ researcherId: now.researcherId, orcid: ada }), 'en')
    expect(mine).toMatchObject({ systemId: now.system.id, uses: [{ right: 'record:read', times: 1 }], wrote: [] })
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
          now.researcherId,
        ]),
    ],
    [
      'somebody who is being checked',
      () => db().researcher.update({ where: { id: now.researcherId }, data: { finding: 'being_checked' } }),
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
      now.system = await add({ name: 'Physics', departments: ['Physics'] })
      const unused = await add({ name: 'Physics pages', departments: ['Physics'] })
      for (const { id } of [now.system, unused]) await tell(id, [now.researcherId])
      await db().person.update({ where: { orcid: ada }, data: { department: 'Physics' } })
      expect((await read('/works')).status).toBe(200)
      const made = await post(position(identified('hr-7')))
      expect(made.status).toBe(201)
      const before = (await sent()).length
      const isNobody = (await change()) === undefined
      const orcid = isNobody ? noor : ada
      const path = `/orcid/${orcid}/employment`
      const askAll = async (key: string) => [
        await ask(key, `/orcid/${orcid}/works`, { headers: { Accept: 'application/json' } }),
        await ask(key, `/orcid/${orcid}`),
        await ask(key, path, { method: 'POST', body: position(identified('hr-8')) }),
        await ask(key, `${path}/${putCodeOf(made)}`, { method: 'PUT', body: position() }),
        await ask(key, `${path}/${putCodeOf(made)}`, { method: 'DELETE' }),
      ]
      for (const { status, text } of await askAll(unused.key)) expect([status, text]).toEqual([404, now.nobody.text])
      for (const answer of await askAll(now.system.key)) {
        if (isNobody) expect([answer.status, answer.text]).toEqual([404, now.nobody.text])
        else expect(codeOf(answer)).toEqual([403, 'not_permitted'])
      }
      expect((await sent()).length).toBe(before)
    },
  )

  test('takes the right, and an iD that is one', async () => {
    const other = await add({ name: 'Other', rights: ['people:read'] })
    await tell(other.id, [now.researcherId])
    expect(codeOf(await ask(other.key, `/orcid/${ada}/works`))).toEqual([403, 'missing_right'])
    expect(codeOf(await ask(other.key, `/orcid/${ada}/employment`, { method: 'POST', body: position() }))).toEqual([
      403,
      'missing_right',
    ])
    for (const orcid of ['0000-0002-1825-0098', 'x', ada.replaceAll('-', '')])
      expect(codeOf(await ask(now.system.key, `/orcid/${orcid}/works`))).toEqual([400, 'invalid_request'])
    for (const key of ['cnc_test_x', `${now.system.key}x`, null])
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
      expect((await read('/keywords/987654321', { headers: { Accept } })).text).toBe(now.nobody.text)
    }
    const before = (await sent()).length
    await fixture.rows(`update orcid_rate_limit set circuit_open_until = clock_timestamp() + interval '1 minute'`)
    const away = await read('/works')
    expect([...codeOf(away), away.headers.get('retry-after')]).toEqual([503, 'orcid_unavailable', '30'])
    expect((await sent()).length).toBe(before)
    await fixture.rows('update orcid_rate_limit set circuit_open_until = null, failures = 0')
  })

  test('never passes on what the person set to “Only me”, although ORCID shows it to who wrote it', async () => {
    const made = await post(position(identified('hr-77')))
    const putCode = putCodeOf(made)
    for (const type of ['application/json', 'application/xml'])
      expect((await read('/employments', { headers: { Accept: type } })).text).toContain('hr-77')
    await fixture.stack.registry.changeItem(ada, Number(putCode), { visibility: 'private' })
    for (const type of ['application/json', 'application/xml']) {
      const headers = { Accept: type }
      for (const path of ['/employments', '/activities', '/record', '']) {
        const { status, text } = await read(path, { headers })
        expect([path, status, text.includes(ada)]).toEqual([path, 200, true])
        expect(text).not.toContain('hr-77')
      }
      for (const path of [`/employment/${putCode}`, `/employment/summary/${putCode}`])
        expect((await read(path, { headers })).text).toBe(now.nobody.text)
    }
    const changed = await read(`/employment/${putCode}`, {
      method: 'PUT',
      body: position({ ...identified('hr-77'), 'put-code': Number(putCode), 'role-title': 'Reader' }),
    })
    expect(changed.status).toBe(200)
  })

  test('keeps private addresses from a system that may not have them, whatever the token opens', async () => {
    await fixture.rows(`update researcher set live_scopes = live_scopes || '{/email/read-private}',
      live_scopes_given_at = live_scopes_given_at || array[now()]`)
    for (const section of ['/email', '/person', '/record', ''])
      expect(codeOf(await read(section))).toEqual([403, 'not_permitted'])
    expect((await read('/works')).status).toBe(200)
  })
})

test('an iD that ORCID merged is nobody’s in the whole API once that is known', async () => {
  const { id } = await db().person.findUniqueOrThrow({ where: { orcid: ada } })
  expect((await ask(now.system.key, `/people/${id}`)).status).toBe(200)
  await fixture
    .rows(`update "grant" set state = 'ended', ended_because = 'record_deprecated', ended_at = now()`)
    .catch(() => undefined)
  await db().researcher.update({
    where: { id: now.researcherId },
    data: {
      state: 'expired',
      finding: 'record_deprecated',
      primaryOrcid: noor,
      liveScopes: [],
      liveScopesGivenAt: [],
    },
  })
  expect((await ask(now.system.key, `/people/${id}`)).text).toBe(now.nobody.text)
  expect((await ask(now.system.key, `/people?orcid=${ada}`)).json.items).toEqual([])
  expect(codeOf(await read('/works'))).toEqual([403, 'not_permitted'])
})
