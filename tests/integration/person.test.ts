import { beforeEach, describe, expect, test } from 'vitest'
import { connect, goToOrcid, until } from '@/tests/support/journey'
import { stackPerFile } from '@/tests/support/stack-per-file'
import { Visitor } from '@/tests/support/visitor'

const ada = '0000-0099-9458-0735'
const josiah = '0000-0002-1825-0097'
const manager = '0000-0099-4262-1291'
const admin = '0000-0099-5475-2774'

const fixture = stackPerFile({ STAFF_ADMINS: admin })

beforeEach(async () => {
  await fixture.rows(
    `insert into staff_member (orcid, role, origin) values ($1, 'manager', 'test')
    on conflict (orcid) do update set role = 'manager'`,
    [manager],
  )
})

const at = (path: string) => `${fixture.stack.portal.url}${path}`
const pageOf = (orcid: string) => at(`/staff/researchers/${orcid}`)
const signIn = async (orcid: string) => (await connect(fixture.stack, { orcid, purpose: 'sign-in' })).visitor
const post = (visitor: Visitor, path: string, fields: Record<string, string>) =>
  visitor.post(at(`/staff/researchers/${path}`), Object.entries(fields))
const lastReference = async () =>
  (await fixture.rows('select reference from authorization_attempt order by started_at desc limit 1'))[0]?.reference
/** What a page says, without the script that says it again. */
const words = (body: string) =>
  body
    .replace(/<script[\s\S]*?<\/script>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')

describe('a reference that somebody quotes', () => {
  test('leads to the attempt, with who, what for, what was permitted and what to say, however it is typed', async () => {
    await connect(fixture.stack, { orcid: ada, scopes: ['/read-limited'] })
    const reference = await lastReference()
    const staff = await signIn(admin)
    const typed = ` ${reference.toLowerCase().replace('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')}.`
    const found = await staff.get(at(`/staff/attempts/look-up?reference=${encodeURIComponent(typed)}`))
    expect(found.location).toBe(`/staff/attempts/${reference}`)
    const { status, body } = await staff.follow(found)
    expect(status).toBe(200)
    expect(body).toContain(`href="/staff/researchers/${ada}"`)
    const said = words(body)
    expect(said).toContain(
      'There you agreed, and came back to our page “Connected”. Your iD and your permissions are saved.',
    )
    expect(said).toContain('/read-limited')
    expect(said).toContain('Started')
    expect(said).toContain('Permission saved')
    const searched = await staff.get(at(`/staff/researchers?q=${reference.toLowerCase()}`))
    expect([searched.status, searched.location]).toEqual([307, `/staff/attempts/${reference}`])
    const sloppy = await staff.get(at(`/staff/attempts/${reference.toLowerCase().replace('-', '')}`))
    expect([sloppy.status, sloppy.location]).toEqual([307, `/staff/attempts/${reference}`])
  })

  test('of an attempt that brought nothing says so, and does not name anybody', async () => {
    const visitor = new Visitor()
    await visitor.get(await goToOrcid(fixture.stack, visitor, { orcid: ada, decision: 'deny' }))
    const staff = await signIn(admin)
    const [denied] = await fixture.rows(`select reference from authorization_attempt where outcome = 'denied'`)
    const { body } = await staff.get(at(`/staff/attempts/${denied.reference}`))
    expect(words(body)).toContain(
      'There you declined, and came back to our page “You declined at ORCID”. Nothing was saved',
    )
    expect(words(body)).toContain('Not known: nobody came back with an iD')
    expect(body).not.toContain(ada)
  })

  test.each([
    ...[
      'connected',
      'updated',
      'already_connected',
      'fewer',
      'different_id',
      'signed_in',
      'denied',
      'expired',
      'code_expired',
    ],
    ...['nothing_came_back', 'orcid_refused', 'orcid_unavailable', 'not_saved', 'narrowed', 'answer_lost'],
    ...['exchanging', 'recovering', 'started'],
  ])('has a paragraph for whatever came of the attempt: %s', async (how) => {
    const staff = await signIn(admin)
    const isState = ['exchanging', 'recovering', 'started'].includes(how)
    const purpose = how === 'narrowed' ? 'narrow' : 'connect'
    await fixture.rows(
      isState
        ? `update authorization_attempt set outcome = null, state = '${how}'`
        : `update authorization_attempt set outcome = '${how}', purpose = '${purpose}'`,
    )
    const { body } = await staff.get(at(`/staff/attempts/${await lastReference()}`))
    const said = words(/<blockquote[^>]*>([\s\S]*?)<\/blockquote>/.exec(body)?.[1] ?? '')
    expect(said.length).toBeGreaterThan(150)
    expect(said).not.toMatch(/staff\.|[{}]|OAuth|token|scope|callback|attempt|grant/i)
  })

  test('that was a request only shows what that request did, and one that is nowhere is not found, with a word', async () => {
    await connect(fixture.stack, { orcid: ada })
    const staff = await signIn(admin)
    await staff.get(at('/staff/researchers/export?format=csv'))
    const [exported] = await fixture.rows(`select request_id from audit_event where action = 'list.exported'`)
    const { status, body } = await staff.get(at(`/staff/attempts/${exported.request_id}`))
    expect(status).toBe(200)
    expect(words(body)).toContain('This is not a connection attempt but one request to the portal.')
    expect(words(body)).toContain('List exported')

    for (const nothing of ['AAAA-AAAA', 'nonsense', '%E2%80%AE%00']) {
      expect((await staff.get(at(`/staff/attempts/${nothing}`))).status, nothing).toBe(404)
      const found = await staff.get(at(`/staff/attempts/look-up?reference=${nothing}`))
      const answer = await staff.follow(found)
      expect([answer.status, fixture.pathOf(found.location)]).toEqual([200, '/staff/attempts/unknown'])
      expect(words(answer.body)).toContain('Nothing has this reference')
      expect(words(answer.body)).toContain('Something went wrong on our side')
    }
  })
})

describe('a note about somebody', () => {
  const notes = () => fixture.rows('select text, removed_at is not null as removed from note order by added_at')

  test('is read by staff and in the person’s download, and the history knows that it is there and not what it says', async () => {
    const { visitor: person } = await connect(fixture.stack, { orcid: ada })
    const staff = await signIn(manager)
    const text = 'Called on Monday.\r\n<b>Will</b> connect again.'
    const added = await post(staff, 'note', { orcid: ada, text })
    expect(added.location).toBe(`/staff/researchers/${ada}?result=note-added#notes`)
    expect((await staff.get(`${pageOf(ada)}?tab=notes`)).body).toContain(
      'Called on Monday.\n&lt;b&gt;Will&lt;/b&gt; connect again.',
    )
    const data = JSON.parse((await person.get(at('/me/data'))).body)
    expect(data.notes).toMatchObject([{ text: 'Called on Monday.\n<b>Will</b> connect again.', removedAt: null }])
    expect(words((await person.get(at('/me'))).body)).toContain('wrote a note about you')
    const events = await fixture.rows(`select action, detail::text from audit_event where action like 'note.%'`)
    expect(events).toEqual([{ action: 'note.added', detail: '{}' }])
  })

  test('is removed by whoever wrote it or an administrator, for good, and by nobody else', async () => {
    await connect(fixture.stack, { orcid: ada })
    const [writer, boss] = [await signIn(manager), await signIn(admin)]
    for (const [who, text] of [
      [boss, 'by the administrator'],
      [writer, 'by the manager'],
      [writer, 'by the manager again'],
    ] as const) {
      await post(who, 'note', { orcid: ada, text })
    }
    const ids = (await fixture.rows('select id from note order by added_at')).map(({ id }) => id)
    const remove = async (who: Visitor, id: string) =>
      (await post(who, 'note/removal', { orcid: ada, note: id })).location
    expect(await remove(writer, ids[0])).toContain('result=note-kept')
    expect(await remove(writer, ids[1])).toContain('result=note-removed')
    expect(await remove(boss, ids[2])).toContain('result=note-removed')
    expect(await remove(boss, ids[2])).toContain('result=note-kept')
    expect(await notes()).toEqual([
      { text: 'by the administrator', removed: false },
      { text: null, removed: true },
      { text: null, removed: true },
    ])
    const left = (await boss.get(`${pageOf(ada)}?tab=notes`)).body
    expect(left).toContain('by the administrator')
    expect(left).not.toContain('by the manager')
  })

  test('with no words or too many is not added, and one about nobody leads to the list', async () => {
    await connect(fixture.stack, { orcid: ada })
    const staff = await signIn(manager)
    for (const text of [' \r\n ', 'x'.repeat(2_001)]) {
      expect((await post(staff, 'note', { orcid: ada, text })).location).toContain('result=note-refused')
    }
    expect((await post(staff, 'note', { orcid: josiah, text: 'x' })).location).toBe('/staff/researchers')
    expect(await notes()).toEqual([])
  })

  test('goes with the person', async () => {
    await connect(fixture.stack, { orcid: ada })
    const staff = await signIn(admin)
    await post(staff, 'note', { orcid: ada, text: 'Called on Monday' })
    await post(staff, 'erasure', { orcid: ada, reason: 'asked', sure: 'yes' })
    expect(await notes()).toEqual([])
  })
})

describe('what the institution knows of somebody', () => {
  test('is written by staff, told to the person, and not repeated in the history', async () => {
    const { visitor: person } = await connect(fixture.stack, { orcid: ada })
    const staff = await signIn(manager)
    const saved = await post(staff, 'details', { orcid: ada, department: ' Physics ', local_id: 'hr-4711' })
    expect(saved.location).toBe(`/staff/researchers/${ada}?result=details-saved#details`)
    await post(staff, 'details', { orcid: ada, department: 'Physics', local_id: 'hr-4711' })
    for (const body of [(await staff.get(pageOf(ada))).body, (await person.get(at('/me'))).body]) {
      expect(words(body)).toMatch(/Department\s+Physics/)
      expect(words(body)).toMatch(/Local identifier\s+hr-4711/)
    }
    const events = await fixture.rows(
      `select detail::text from audit_event where action = 'researcher.details_changed'`,
    )
    expect(events).toEqual([{ detail: '{}' }])
    await post(staff, 'details', { orcid: ada, department: '', local_id: '' })
    expect(await fixture.rows('select department, local_id from person where orcid = $1', [ada])).toEqual([
      { department: null, local_id: null },
    ])
  })

  test('is a conflict where the local identifier is somebody else’s, and gives nobody another iD', async () => {
    await connect(fixture.stack, { orcid: ada })
    await connect(fixture.stack, { orcid: josiah })
    const staff = await signIn(manager)
    const save = (orcid: string) => post(staff, 'details', { orcid, department: '', local_id: 'hr-1' })
    await save(ada)
    expect((await save(josiah)).location).toBe(`/staff/researchers/${josiah}?result=details-conflict#details`)
    expect(await fixture.rows(`select orcid from person where local_id = 'hr-1'`)).toEqual([{ orcid: ada }])
    expect(await fixture.rows('select kind::text from conflict')).toEqual([{ kind: 'one_person_two_ids' }])
    const tell = async (orcid: string) => words((await staff.get(pageOf(orcid))).body)
    for (const orcid of [ada, josiah]) {
      const said = await tell(orcid)
      expect(said).toContain('One person, two iDs')
      expect(said).toContain('Nothing is written to the record of either side until this is decided.')
    }
    await fixture.rows(`update conflict set resolved_at = now(), resolution = 'kept'`)
    for (const orcid of [ada, josiah]) expect(await tell(orcid)).not.toContain('One person, two iDs')
  })

  test('that does not fit together is shown on both pages with who else is concerned and what to do', async () => {
    await connect(fixture.stack, { orcid: ada })
    await connect(fixture.stack, { orcid: josiah })
    const staff = await signIn(manager)
    const tell = async (orcid: string) => words((await staff.get(pageOf(orcid))).body)
    await fixture.rows(
      `update researcher set primary_orcid = $2, merged_into_id = (select id from researcher where orcid = $2)
       where orcid = $1`,
      [ada, josiah],
    )
    for (const orcid of [ada, josiah]) {
      expect(await tell(orcid)).toContain('both have permissions')
    }
  })
})

describe('the lists on the page of one person', () => {
  /** Rows enough for several pages of each list, many of one time. */
  const fill = (orcid: string) =>
    fixture.rows(
      `with one as (select id from researcher where orcid = '${orcid}'),
       attempts as (
         insert into authorization_attempt (reference, purpose, state, outcome, scopes_asked, registry, client_id,
           redirect_uri, locale, secret_hash, state_hash, started_at, ended_at, expires_at, researcher_id)
         select 'T' || lpad(n::text, 3, '0') || '-0000', 'connect', 'saved', 'connected', '{openid}', 'local', 'APP',
           'https://x.example', 'en', 'secret' || n, 'state' || n, now() - make_interval(days => n / 7), now(), now(), id
         from one, generate_series(1, 45) n returning id, researcher_id, reference, started_at),
       given as (
         insert into "grant" (researcher_id, attempt_id, registry, client_id, state, scopes, access_token_hash,
           granted_at, expires_at, ended_at, name_given)
         select researcher_id, id, 'local', 'APP', 'superseded', '{openid}', 'hash' || reference, started_at,
           now() + interval '1 year', now(), 'given-' || reference
         from attempts returning id, name_given),
       checked as (
         insert into grant_check (grant_id, finding, reason, at)
         select id, 'good', 'schedule', now() - make_interval(secs => substr(name_given, 8, 3)::int) from given),
       noted as (
         insert into note (researcher_id, author_id, text, added_at)
         select one.id, s.id, 'note-' || lpad(n::text, 3, '0') || '.', now() - make_interval(days => n / 7)
         from one, (select id from staff_member limit 1) s, generate_series(1, 45) n),
       asked as (
         insert into orcid_call (actor_kind, purpose, researcher_id, method, path, outcome, latency_ms, tries)
         select 'system', 'check', id, 'GET', '/call-' || lpad(n::text, 3, '0') || '.', 'ok', 1, 1
         from one, generate_series(1, 45) n)
       insert into audit_event (action, actor_kind, researcher_id)
       select 'thing.happened-' || lpad(n::text, 3, '0'), 'system', id from one, generate_series(1, 120) n`,
    )

  test('each lead through everything there is, once, by their address alone', async () => {
    await connect(fixture.stack, { orcid: ada })
    const staff = await signIn(admin)
    await fill(ada)
    const patterns: Record<string, [string, RegExp, number]> = {
      grants: ['permissions', /given-(T\d{3}-0000)/g, 45],
      attempts: ['attempts', />(T\d{3}-0000)<\/code><\/a><span/g, 45],
      calls: ['log', /call-(\d{3})\./g, 45],
      events: ['history', /happened-(\d{3})/g, 120],
      notes: ['notes', /note-(\d{3})\./g, 45],
    }
    for (const [list, [tab, pattern, count]] of Object.entries(patterns)) {
      const seen: string[] = []
      let address: string | undefined = `/staff/researchers/${ada}?tab=${tab}`
      for (let pages = 0; address && pages < 10; pages++) {
        const body: string = (await staff.get(at(address))).body.replace(/<script[\s\S]*?<\/script>/g, '')
        seen.push(...[...body.matchAll(pattern)].map(([, found]) => String(found)))
        const next = new RegExp(`href="([^"]*[?]${list}=[^"#]+)#${list}"`).exec(body)
        address = next?.[1]?.replaceAll('&amp;', '&')
      }
      expect(seen.length, list).toBe(count)
      expect(new Set(seen).size, list).toBe(count)
    }
  })

  test('begin with their newest where an address has a place that is none, and say so', async () => {
    await connect(fixture.stack, { orcid: ada })
    const staff = await signIn(admin)
    for (const list of ['grants', 'attempts', 'checks', 'calls', 'events', 'notes']) {
      const { status, body } = await staff.get(`${pageOf(ada)}?${list}=made-up`)
      expect(status).toBe(200)
      expect(words(body)).toContain('We did not understand the address')
    }
  })
})

test('that staff looked at a person is recorded at the visit, and a prefetch records nothing and shows nothing', async () => {
  await connect(fixture.stack, { orcid: manager })
  await connect(fixture.stack, { orcid: ada })
  await connect(fixture.stack, { orcid: josiah })
  const reference = await lastReference()
  const staff = await signIn(admin)
  await staff.get(at('/staff'))
  const pages = [
    [`/staff/researchers/${ada}`, ada, 'Ada Q. Example'],
    [`/staff/attempts/${reference}`, josiah, 'Josiah Carberry'],
    [`/staff/audit?subject=${manager}`, manager, 'Noor van den Berg'],
  ] as const
  for (const [path, orcid, name] of pages) {
    const views = () =>
      fixture.rows(
        `select 1 from audit_event e join researcher r on r.id = e.researcher_id
         where action = 'researcher.viewed' and r.orcid = $1`,
        [orcid],
      )
    const ahead = await staff.get(at(path), { 'sec-purpose': 'prefetch' })
    expect([path, ahead.status]).toEqual([path, 404])
    expect(ahead.body).not.toContain(name)
    expect(await views()).toEqual([])
    expect((await staff.get(at(path))).status).toBe(200)
    await until('the view is recorded', async () => (await views()).length > 0)
    expect(await views()).toHaveLength(1)
  }
  expect((await staff.get(at('/staff/departments'), { 'sec-purpose': 'prefetch' })).status).toBe(200)
})
