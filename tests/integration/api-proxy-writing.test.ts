import { spawn } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { writeAffiliation } from '@/lib/affiliations/writing'
import { recordExample } from '@/lib/api/examples'
import { db } from '@/lib/db'
import { askInside as ask } from '@/tests/support/api'
import { ada, codeOf, identified, pointersOf, position, proxyPerFile, putCodeOf } from '@/tests/support/proxy'
import { tell } from '@/tests/support/systems'

const { fixture, now, add, read, post, items } = proxyPerFile()

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
    const [item] = (await ask(now.system.key, '/affiliations')).json.items
    expect(item).toMatchObject({ state: 'in_orcid', put_code: code, external_id: 'hr-1', title: 'Professor' })
    expect((await read(`/employment/${code}`, { method: 'DELETE' })).status).toBe(204)
    expect(await items()).toEqual([])
    expect((await read(`/employment/${code}`, { method: 'DELETE' })).text).toBe(now.nobody.text)
    const events = await fixture.rows(
      `select distinct action from audit_event where actor_kind = 'api' and actor_id = $1 and action like 'affiliation%'`,
      [now.system.id],
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
    await tell(other.id, [now.researcherId])
    const cases: [string, string][] = [
      [now.system.key, `/employment/${theirs.putCode}`],
      [now.system.key, '/employment/987654321'],
      [now.system.key, `/education/${code}`],
      [other.key, `/employment/${code}`],
    ]
    for (const [key, path] of cases) {
      const body = position({ 'put-code': Number(path.split('/').at(-1)) })
      const put = await ask(key, `/orcid/${ada}${path}`, { method: 'PUT', body })
      const removed = await ask(key, `/orcid/${ada}${path}`, { method: 'DELETE' })
      expect([path, put.text, removed.text]).toEqual([path, now.nobody.text, now.nobody.text])
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
    expect((await ask(now.system.key, state)).json).toMatchObject({ state: 'pending', put_code: null })
    expect(await items()).toEqual([])
    await writeAffiliation(queued.json.id)
    expect((await ask(now.system.key, state)).json).toMatchObject({ state: 'in_orcid' })
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
    for (const section of ['keywords', 'funding', 'peer-review', 'person']) {
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
})

test('the example of the page for developers runs as it is', async () => {
  const env = {
    ...process.env,
    CONCORD_URL: fixture.stack.portal.url,
    CONCORD_KEY: now.system.key,
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
  expect(fixture.stack.portal.logs.join('\n')).not.toContain(now.system.key)
})
