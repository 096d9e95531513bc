import { beforeEach, describe, expect, test } from 'vitest'
import { connect, goToOrcid, until } from '@/tests/support/journey'
import { stackPerFile } from '@/tests/support/stack-per-file'
import { Visitor } from '@/tests/support/visitor'
import { words } from '@/tests/support/words'

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
const lastReference = async () =>
  (await fixture.rows('select reference from authorization_attempt order by started_at desc limit 1'))[0]?.reference

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
      'There you declined, and came back to our page “You declined at ORCID”. No permission was saved',
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

test('who withdrew and signed in again is said to be known by the iD alone, and no affiliation is offered', async () => {
  const { visitor } = await connect(fixture.stack, { orcid: ada, scopes: ['/read-limited', '/activities/update'] })
  const staff = await signIn(admin)
  expect((await staff.get(pageOf(ada))).body).toContain(`/staff/researchers/${ada}/affiliation`)
  await visitor.post(at('/me/withdrawal'))
  expect(words((await staff.get(pageOf(ada))).body)).toContain('We use nothing of theirs.')
  await signIn(ada)
  const { body } = await staff.get(pageOf(ada))
  const said = words(body)
  expect(said).toContain('stopped all access and signed in again since. Only their iD is known.')
  expect(said).not.toContain('We use nothing of theirs.')
  expect(said).toContain('Only what is public')
  expect(body).not.toContain(`/staff/researchers/${ada}/affiliation`)
})
