import { describe, expect, test } from 'vitest'
import { row, toCsv } from '@/tests/support/affiliations'
import { connect, tryToConnect, until } from '@/tests/support/journey'
import { stackPerFile } from '@/tests/support/stack-per-file'
import { Visitor } from '@/tests/support/visitor'

const ada = '0000-0099-9458-0735'
const josiah = '0000-0002-1825-0097'
const grace = '0000-0099-5475-2774'
const sure: [string, string] = ['sure', 'yes']

const fixture = stackPerFile({ STAFF_ADMINS: grace })

const at = (path: string) => `${fixture.stack.portal.url}${path}`
const adminSignsIn = async () => (await connect(fixture.stack, { orcid: grace, purpose: 'sign-in' })).visitor
const idOf = async (orcid: string) => (await fixture.rows('select id from researcher where orcid = $1', [orcid]))[0]?.id

/** Every row of every table of ours but the staff's own, as text. */
async function everything(): Promise<string> {
  const tables = [
    'researcher',
    '"grant"',
    'authorization_attempt',
    'session',
    'revocation',
    'erasure',
    'audit_event',
    'orcid_call',
    'affiliation',
    'affiliation_draft',
    'trial',
    'person',
    'appointment',
    'binding',
    'conflict',
    'import_row',
    'mail',
  ]
  let text = JSON.stringify(await fixture.rows(`select encode(file, 'escape') from import`))
  for (const table of tables) text += JSON.stringify(await fixture.rows(`select * from ${table}`))
  return text
}

const history = () => fixture.rows(`select id::int, to_jsonb(e) as row from audit_event e order by id`)

describe('a researcher who erases themselves', () => {
  test('is nowhere in the database any more, is signed out everywhere, and every token is dead at ORCID', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: ada, scopes: ['/read-limited'] })
    await connect(fixture.stack, { orcid: ada, purpose: 'sign-in' }, visitor)
    await tryToConnect(fixture.stack, { orcid: ada, decision: 'deny' }, visitor)
    const elsewhere = (await connect(fixture.stack, { orcid: ada }, new Visitor())).visitor
    const id = await idOf(ada)
    await fixture.rows(
      `insert into orcid_call (actor_kind, purpose, researcher_id, method, path, outcome, latency_ms, tries)
       values ('system', 'check', $1, 'GET', '/${ada}/record', 'ok', 9, 1)`,
      [id],
    )
    const before = await history()

    expect((await visitor.get(at('/me/erase'))).body).toContain('/me/erase/confirm')
    expect((await visitor.get(at('/me/erase/confirm'))).body).toContain(ada)
    const answer = await visitor.post(at('/me/erasure'), [sure])
    expect(fixture.pathOf(answer.location)).toBe('/erased')
    expect((await visitor.get(at('/erased'))).body).toContain('The data that we held about you here is gone')

    expect(fixture.pathOf((await elsewhere.get(at('/me'))).location)).toBe('/sign-in')
    const held = await everything()
    expect(held).not.toContain(ada)
    expect(held).not.toContain('Ada Q. Example')
    for (const table of ['researcher', '"grant"', 'session']) {
      expect(await fixture.rows(`select 1 from ${table}`), table).toEqual([])
    }
    expect(await fixture.rows('select outcome::text, researcher_id, started_by_id from authorization_attempt')).toEqual(
      [{ outcome: 'denied', researcher_id: null, started_by_id: null }],
    )
    expect(await fixture.rows('select researcher_id, reason::text, actor_kind::text from erasure')).toEqual([
      { researcher_id: id, reason: 'own_request', actor_kind: 'researcher' },
    ])
    const after = await history()
    expect(after.slice(0, before.length)).toEqual(before)
    expect(after.map(({ row }) => row.action)).toContain('researcher.erased')
    await fixture.noTokenLives()
    await until(
      'the ciphertexts are destroyed',
      async () => (await fixture.rows('select 1 from revocation where sealed_token is not null')).length === 0,
    )
  })

  test('takes with them what is known of items on their record, which stay there, as they are told before', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    const admin = await adminSignsIn()
    const id = await idOf(ada)
    const { registry } = fixture.stack
    const source = { clientId: registry.clientId, name: 'University of Example' }
    const putCode = await registry.addItem(ada, { section: 'employment', source, content: { 'role-title': 'Dean' } })
    await fixture.rows(
      `insert into affiliation (person_id, researcher_id, kind, external_id, title, origin, state, put_code, written_revision)
       values ((select id from person where researcher_id = $1), $1, 'employment', 'hr-1', 'Dean of Everything', 'entered', 'in_orcid', $2, 1)`,
      [id, putCode],
    )
    const form = new FormData()
    form.set('file', new Blob([toCsv([row(ada, { title: 'Dean of Nothing' })])]), 'staff.csv')
    form.set('kind', 'affiliations')
    await admin.post(at('/staff/import/upload'), form)
    await until(
      'the file is read',
      async () => (await fixture.rows(`select 1 from import where state = 'preview'`)).length > 0,
    )
    expect(await everything()).toMatch(/Dean of Everything[\s\S]*Dean of Nothing/)
    expect((await visitor.get(at('/me/erase'))).body).toContain('One entry that we added is')
    expect((await admin.get(at(`/staff/researchers/${ada}/erase`))).body).toContain('One affiliation that we wrote is')

    await visitor.post(at('/me/erasure'), [sure])
    for (const gone of ['Dean of Everything', 'Dean of Nothing', ada]) expect(await everything()).not.toContain(gone)
    const { items } = await registry.record(ada)
    expect(items.map(({ content }) => content['role-title'])).toContain('Dean')
  })

  test('takes with them what the roster has of them, their bindings, conflicts about them, and what waits for them', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    const admin = await adminSignsIn()
    const [{ id: person } = { id: '' }] = await fixture.rows(
      `update person set local_id = 'hr-4711', given_name = 'Ada', family_name = 'Wexford', email = 'ada@example.org'
       where orcid = $1 returning id::text`,
      [ada],
    )
    for (const sql of [
      `insert into appointment (person_id, title, kind) values ($1, 'Reader of Wexford', 'staff')`,
      `insert into affiliation (person_id, kind, external_id, title, origin, state)
       values ($1, 'employment', 'hr-1', 'Dean of Wexford', 'entered', 'waiting_for_person')`,
      `insert into binding (person_id, researcher_id, proof, made_by_kind, ended_at, ended, reason)
       select id, researcher_id, 'staff', 'staff', now(), 'not_me', 'Called about Wexford' from person where id = $1`,
      `insert into mail (kind, message_id, person_id, template, locale, values)
       values ('link', '<1@example.org>', $1, 'new_link', 'en', '{"name": "Mail for Wexford"}')`,
      `insert into person (local_id, family_name, origin, merged_into_id) values ('hr-4712', 'Wexford', 'entered', $1)`,
      `with other as (insert into person (family_name, origin) values ('Somebody Else', 'entered') returning id)
       insert into conflict (kind, person_id, other_person_id, reason) select 'names_differ', id, $1, 'Wexford?' from other`,
    ]) {
      await fixture.rows(sql, [person])
    }
    const fields = { person, type: 'employment', title: 'Draft of Wexford', start: '2021' }
    await admin.post(at('/staff/affiliations/entry'), Object.entries(fields))
    for (const held of [
      'hr-4711',
      'hr-4712',
      'Reader of',
      'Dean of',
      'Called about',
      'Wexford?',
      'Mail for',
      'Draft of',
    ]) {
      expect(await everything()).toContain(held)
    }
    await visitor.post(at('/me/erasure'), [sure])
    const left = await everything()
    for (const gone of ['Wexford', 'hr-4711', 'ada@example.org', ada]) expect(left).not.toContain(gone)
    expect(left).toContain('Somebody Else')
  })

  test('while ORCID is down is gone at once, and only the sealed token waits, without the person', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    await fixture.stack.registry.addFault({ on: 'revoke', fault: 'unavailable_503', times: 0 })
    await visitor.post(at('/me/erasure'), [sure])
    expect(await fixture.rows('select 1 from researcher')).toEqual([])
    expect(
      await fixture.rows(
        'select grant_id, attempt_id, reason::text, sealed_token is not null as sealed, confirmed_at from revocation',
      ),
    ).toEqual([{ grant_id: null, attempt_id: null, reason: 'erased', sealed: true, confirmed_at: null }])
    const admin = await adminSignsIn()
    expect((await admin.get(at('/staff/figures'))).body).toContain('An erased person')

    await fixture.stack.registry.clearFaults()
    await until('the erased person has no live token', async () =>
      (await fixture.liveTokens()).every(({ orcid }) => orcid !== ada),
    )
    await until('ORCID’s confirmation is written down', async () => {
      const [row] = await fixture.rows('select sealed_token, confirmed_at from revocation')
      return row?.confirmed_at && row.sealed_token === null
    })
  })

  test('with a withdrawal that still waits takes the person out of that one too', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    await fixture.stack.registry.addFault({ on: 'revoke', fault: 'unavailable_503', times: 0 })
    await visitor.post(at('/me/withdrawal'))
    await visitor.post(at('/me/erasure'), [sure])
    expect(await fixture.rows('select grant_id, reason::text from revocation')).toEqual([
      { grant_id: null, reason: 'erased' },
    ])
    await fixture.stack.registry.clearFaults()
    await fixture.noTokenLives()
  })

  test('and connects again starts as somebody new, with nothing of before', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    const before = await idOf(ada)
    await visitor.post(at('/me/erasure'), [sure])
    const { answer } = await connect(fixture.stack, { orcid: ada }, visitor)
    expect(fixture.pathOf(answer.location)).toBe('/connect/connected')
    const after = await idOf(ada)
    expect(after).not.toBe(before)
    const data = JSON.parse((await visitor.get(at('/me/data'))).body)
    expect([data.grants.length, data.attempts.length, data.researcher.id]).toEqual([1, 1, after])
    expect(JSON.stringify(data)).not.toContain(before)
  })

  test('in the middle of an attempt that another tab has begun leaves the attempt to end with somebody new', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    await fixture.stack.registry.addFault({ on: 'token', fault: 'slow', delayMs: 2_000 })
    const attempt = connect(fixture.stack, { orcid: ada }, visitor.clone())
    await until('the exchange has begun', async () => (await fixture.exchanges()) === 2)
    await visitor.post(at('/me/erasure'), [sure])
    expect(fixture.pathOf((await attempt).answer.location)).toBe('/connect/connected')
    expect(await fixture.rows('select 1 from researcher')).toHaveLength(1)
    await until('one token lives', async () => (await fixture.liveTokens()).length === 1)
  })

  test('twice at once is erased once', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    const answers = await Promise.all([1, 2, 3].map(() => visitor.clone().post(at('/me/erasure'), [sure])))
    for (const { location } of answers) expect(['/erased', '/sign-in']).toContain(fixture.pathOf(location))
    expect(await fixture.rows('select 1 from erasure')).toHaveLength(1)
    expect(await fixture.rows(`select 1 from audit_event where action = 'researcher.erased'`)).toHaveLength(1)
  })

  test('has to tick the box first', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    expect((await visitor.post(at('/me/erasure'))).status).toBe(400)
    expect((await visitor.get(at('/me'))).status).toBe(200)
  })

  test('keeps a role on the staff with its iD and without their name, and is told so before', async () => {
    const admin = await adminSignsIn()
    await fixture.rows(`update staff_member set name = 'Grace Adminson'`)
    expect((await admin.get(at('/me/erase'))).body).toContain('until an administrator ends the role')
    await admin.post(at('/me/erasure'), [sure])
    expect(await fixture.rows('select 1 from researcher')).toEqual([])
    expect(await fixture.rows('select orcid, name, ended_at from staff_member')).toEqual([
      { orcid: grace, name: null, ended_at: null },
    ])
    expect((await (await adminSignsIn()).get(at('/staff'))).status).toBe(200)
  })

  test('loses the iD with the role as well, and the history says an erased person did it', async () => {
    const [{ id } = { id: '' }] = await fixture.rows(
      `insert into staff_member (orcid, role, origin) values ($1, 'manager', 'invitation') returning id`,
      [ada],
    )
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    await connect(fixture.stack, { orcid: josiah })
    const note: [string, string][] = [
      ['orcid', josiah],
      ['text', 'Called on Monday'],
    ]
    await visitor.post(at('/staff/researchers/note'), note)
    await visitor.post(at('/me/erasure'), [sure])
    const admin = await adminSignsIn()
    expect((await admin.get(at('/staff/team'))).body).toContain(ada)
    const ended = await admin.post(at('/staff/team/removal'), [['member', String(id)]])
    expect(ended.location).toBe(`/staff/team?note=removed&member=${id}`)
    expect(await fixture.rows('select orcid, name from staff_member where id = $1', [id])).toEqual([
      { orcid: null, name: null },
    ])
    for (const path of ['/staff/team', '/staff/audit', `/staff/researchers/${josiah}`, '/staff/exports']) {
      const { status, body } = await admin.get(at(path))
      expect([path, status, body.includes(ada)]).toEqual([path, 200, false])
    }
    expect((await admin.get(at('/staff/audit?actor=&action=note.added'))).body).toContain('An erased person')
    await fixture.rows('delete from note')
    await fixture.rows('delete from staff_member where id = $1', [id])
  })
})
