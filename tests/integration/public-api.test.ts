import { beforeEach, expect, test } from 'vitest'
import { connect } from '@/tests/support/journey'
import { stackPerFile } from '@/tests/support/stack-per-file'
import { Visitor } from '@/tests/support/visitor'

const ada = '0000-0099-9458-0735'
const grace = '0000-0099-5475-2774'
const fixture = stackPerFile({ ORCID_API: 'public', STAFF_ADMINS: grace, WORKER: 'none' })
const at = (path: string) => new URL(path, fixture.stack.portal.url).href
const idOf = async (orcid: string) =>
  (await fixture.rows('select id::text from researcher where orcid = $1', [orcid]))[0]?.id as string

let mine: Visitor
let staff: Visitor

beforeEach(async () => {
  mine = (await connect(fixture.stack, { orcid: ada })).visitor
  staff = (await connect(fixture.stack, { orcid: grace, purpose: 'sign-in' })).visitor
})

/** A page as people read it, without what Next.js repeats in a script behind it. */
async function read(visitor: Visitor, path: string): Promise<string> {
  const { status, body } = await visitor.get(at(path))
  expect([path, status]).toEqual([path, 200])
  return body.replaceAll(/<script\b[\s\S]*?<\/script>/g, '')
}

/** An item from a time when the portal had Member credentials. */
async function addOlderItem(): Promise<string> {
  const [item] = await fixture.rows(
    `insert into affiliation (person_id, researcher_id, kind, external_id, title, origin, state, written_revision, put_code)
     values ((select id from person where researcher_id = $1), $1, 'employment', 'staff-7', 'Dean of Examples', 'entered', 'in_orcid', 1, '77') returning id::text`,
    [await idOf(ada)],
  )
  return item.id
}

test('only the iD is asked for, and a form that asks for more is not sent to ORCID', async () => {
  expect(await fixture.rows(`select scopes, state from "grant" where researcher_id = $1`, [await idOf(ada)])).toEqual([
    { scopes: ['openid'], state: 'live' },
  ])
  const more = await new Visitor().post(at('/connect/start'), [['scope', '/read-limited']])
  expect([more.status, more.location]).toEqual([400, null])
})

test('a check asks the public API with the token of the person, and finds that it works until they withdraw', async () => {
  const check = async () => {
    const { location } = await staff.post(at('/staff/researchers/check'), [['orcid', ada]])
    return new URL(location ?? '', fixture.stack.portal.url).searchParams.get('asked')
  }
  const findings = () => fixture.rows('select finding from grant_check order by id')
  expect(await check()).toBe('done')
  expect(await findings()).toEqual([{ finding: 'good' }])

  const visitor = new Visitor()
  const signIn = await visitor.get(`${fixture.stack.registry.url}/signin`)
  await visitor.post(signIn.url, [['orcid', ada]])
  const withdrawal = await visitor.post(`${fixture.stack.registry.url}/trusted-parties`, [
    ['client_id', fixture.stack.registry.clientId],
  ])
  expect(withdrawal.status).toBeLessThan(400)
  expect(await check()).toBe('done')
  expect((await findings()).at(-1)).toEqual({ finding: 'being_checked' })

  const asked = (await fixture.stack.registry.apiRequests()).map(({ path }) => path)
  expect(new Set(asked)).toEqual(new Set([`/pub/v3.0/${ada}/personal-details`]))
})

test('ORCID is asked half as often as a member may ask', async () => {
  const check = () => staff.post(at('/staff/researchers/check'), [['orcid', ada]])
  await check()
  const later =
    "update orcid_rate_limit set next_slot_at = date_trunc('second', clock_timestamp()) + interval '2 seconds'"
  await fixture.rows(later)
  await check()
  const [limit] = await fixture.rows(
    'select extract(milliseconds from next_slot_at)::int % 1000 as after from orcid_rate_limit',
  )
  expect(limit.after).toBe(100)
})

test('a record is read as everybody can read it, whoever looks, and the page says so', async () => {
  for (const [visitor, path] of [
    [mine, '/me/record?wait'],
    [staff, `/staff/researchers/${ada}/record?wait`],
  ] as const) {
    const page = await read(visitor, path)
    expect(page).toContain('Read as anybody can read it')
    expect(page).toContain('On the length of short examples')
    expect(page).not.toContain('Ada Specimen')
  }
  // The second who looks within a minute is shown what the first was.
  const asked = await fixture.stack.registry.apiRequests()
  expect(asked.map(({ path }) => path)).toEqual([`/pub/v3.0/${ada}/record`])
})

test('what needs Member credentials leads to the page that says why, and writes nothing', async () => {
  const item = await addOlderItem()
  const before = await fixture.rows('select * from affiliation')
  const events = await fixture.rows('select max(id) from audit_event')
  const file = new FormData()
  file.set('kind', 'affiliations')
  file.set('file', new Blob([`orcid,type,title,external_id\n${ada},employment,Dean,1\n`]), 'staff.csv')
  const forms: [string, [string, string][] | FormData][] = [
    [
      '/staff/affiliations/entry',
      [
        ['orcid', ada],
        ['type', 'employment'],
        ['title', 'Dean'],
      ],
    ],
    ['/staff/import/upload', file],
    ['/staff/affiliations/apply', [['draft', item]]],
    ['/staff/affiliations/removal', [['affiliation', item]]],
    ['/staff/affiliations/retry', [['affiliation', item]]],
    [
      '/staff/affiliations/confirmation',
      [
        ['affiliation', item],
        ['sure', 'yes'],
      ],
    ],
  ]
  for (const [path, fields] of forms) {
    // As a browser says it; Next.js answers a redirect with 303 to these alone.
    const type = 'application/x-www-form-urlencoded'
    const headers: Record<string, string> = fields instanceof FormData ? {} : { 'content-type': type }
    const { status, location } = await staff.post(at(path), fields, headers)
    expect([path, status, fixture.pathOf(location)]).toEqual([path, 303, '/staff/affiliations'])
  }
  for (const path of [
    '/staff/affiliations/export?format=csv',
    '/staff/affiliations/confirm',
    `/staff/affiliations/preview?draft=${item}`,
    `/staff/affiliations/${item}`,
    `/staff/affiliations/${item}/edit`,
    `/staff/affiliations/${item}/delete`,
    `/staff/researchers/${ada}/affiliation`,
  ]) {
    const { status, location } = await staff.get(at(path))
    expect([path, status, location && fixture.pathOf(location)]).toEqual([path, 307, '/staff/affiliations'])
  }
  expect(await fixture.rows('select * from affiliation')).toEqual(before)
  expect(await fixture.rows('select 1 from affiliation_draft')).toEqual([])
  expect(await fixture.rows('select 1 from writing_confirmation')).toEqual([])
  expect(await fixture.rows('select max(id) from audit_event')).toEqual(events)
  expect(await read(staff, '/staff/affiliations')).toContain('Public API credentials')
})

test('what was written with earlier Member credentials is still told, and cannot be promised to go', async () => {
  const item = await addOlderItem()
  const page = await read(mine, '/me')
  expect(page).toContain('Dean of Examples')
  expect(page).toContain('We can no longer change your ORCID record.')
  expect(page).not.toContain('/me/affiliations/removal')
  const { status, location } = await mine.post(at('/me/affiliations/removal'), [['affiliation', item]])
  expect([status, location]).toEqual([303, '/me#items'])
  expect(await fixture.rows('select state, removal from affiliation')).toEqual([{ state: 'in_orcid', removal: null }])
  expect(await read(staff, `/staff/researchers/${ada}?tab=affiliations`)).toContain('Dean of Examples')
})

test('the list of staff is by name, and the files of it have everybody', async () => {
  await connect(fixture.stack, { orcid: '0000-0002-1825-0097' })
  const page = await read(staff, '/staff/researchers')
  expect(page).toContain('aria-sort="ascending"')
  expect(page.indexOf('Ada Q. Example')).toBeLessThan(page.indexOf('Josiah Carberry'))
  const { body } = await staff.get(at('/staff/researchers/export?format=csv'))
  for (const orcid of [ada, '0000-0002-1825-0097']) {
    expect(body).toMatch(new RegExp(`^"?${orcid}.*identity_only.*true`, 'm'))
  }
})
