import { describe, expect, test } from 'vitest'
import { connect, until } from '@/tests/support/journey'
import { stackPerFile } from '@/tests/support/stack-per-file'
import type { Visitor } from '@/tests/support/visitor'

const admin = '0000-0099-5475-2774'
const ada = '0000-0099-9458-0735'
const noor = '0000-0099-4262-1291'
const fixture = stackPerFile({ STAFF_ADMINS: admin })

const limited = ['Ada Specimen', 'unpublished interest', 'ada.q@mail.example', 'Draft of a second catalogue', '88421']
const secret = ['ada.private@mail.example', 'Notes that nobody should see yet', 'Adviser', 'ada.old@mail.example']
const open = ['On the length of short examples', 'Chartered example maker', 'Measuring the unmeasured', 'EA-57190001']

/** The page as people read it: what Next.js repeats in a script behind it is left out. */
async function read(visitor: Visitor, path: string): Promise<string> {
  const { status, body } = await visitor.get(`${fixture.stack.portal.url}${path}`)
  expect(status).toBe(200)
  return body.replaceAll(/<script\b[\s\S]*?<\/script>/g, '')
}
const pageOf = (orcid: string) => `/staff/researchers/${orcid}/record?wait`
const calls = async () => (await fixture.stack.registry.apiRequests()).length
const eventsAbout = async (orcid: string) =>
  (
    await fixture.rows(
      `select action, actor_kind from audit_event e join researcher r on r.id = e.researcher_id
       where r.orcid = $1 and action like 'record.%' order by e.id`,
      [orcid],
    )
  ).map(({ action, actor_kind }) => `${actor_kind} ${action}`)

describe('a record that is read with permission', () => {
  test('shows what the person shows to trusted parties, says who may see each, and nothing that is for them alone', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    const page = await read(visitor, '/me/record?wait')
    for (const words of [...open, ...limited]) expect(page).toContain(words)
    for (const words of secret) expect(page).not.toContain(words)
    expect(page).toContain('with permission')
    expect(page).toMatch(/Draft of a second catalogue(?:(?!<li)[\s\S])*Trusted parties/)
    expect(page).toMatch(/Chartered example maker(?:(?!<li)[\s\S])*Everyone/)
    // The two of one DOI are one entry, and it says so.
    expect(page).toContain('One more entry says the same')
  })

  test('is written down as a look-up of the office, once an hour, which the person reads on their page', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    const { visitor: staff } = await connect(fixture.stack, { orcid: admin })
    expect(await read(staff, pageOf(ada))).toContain('unpublished interest')
    await read(staff, pageOf(ada))
    await read(visitor, '/me/record?wait')
    expect(await eventsAbout(ada)).toEqual(['staff record.read'])
    const mine = await read(visitor, '/me')
    expect(mine).toContain('The research office looked at your ORCID record, with your permission')
    expect(mine).not.toContain('Adminson')
  })

  test('is asked of ORCID once a minute at most, and never again once the person has withdrawn', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    const { visitor: staff } = await connect(fixture.stack, { orcid: admin })
    const before = await calls()
    await read(staff, pageOf(ada))
    await read(visitor, '/me/record?wait')
    await read(staff, pageOf(ada))
    expect((await calls()) - before).toBe(1)
    await visitor.post(`${fixture.stack.portal.url}/me/withdrawal`)
    const page = await read(staff, pageOf(ada))
    expect(page).toContain('public data only')
    for (const words of limited) expect(page).not.toContain(words)
  })

  test('is nowhere in the database afterwards', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    await read(visitor, '/me/record?wait')
    const tables = await fixture.rows(
      `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
       where table_schema in ('public', 'graphile_worker') and table_type = 'BASE TABLE'`,
    )
    for (const { name } of tables) {
      const [row] = await fixture.rows(`select coalesce(string_agg(t::text, ' '), '') as text from ${name} t`)
      for (const words of [...open, ...limited]) expect(row?.text, name).not.toContain(words)
    }
  })
})

describe('a record that is read without a permission for it', () => {
  test('is public data, and says so on the page and in the history', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: ada, scopes: ['/activities/update'] })
    const { visitor: staff } = await connect(fixture.stack, { orcid: admin })
    const page = await read(staff, pageOf(ada))
    expect(page).toContain('public data only')
    for (const words of open) expect(page).toContain(words)
    for (const words of [...limited, ...secret]) expect(page).not.toContain(words)
    expect(await eventsAbout(ada)).toEqual(['staff record.read_public'])
    expect(await read(visitor, '/me')).toContain('The research office looked at the public part of your ORCID record')
  })
})

describe('what we wrote and the person then set to “Only me”', () => {
  const title = 'Reader in hidden things'
  const write = async () => {
    const { registry } = fixture.stack
    const content = { 'role-title': title, organization: { name: 'University of Example' } }
    const source = { clientId: registry.clientId, name: 'Concord' }
    await registry.addItem(ada, { section: 'employment', content, visibility: 'private', source })
  }

  test.each([
    ['with their permission', ['/read-limited']],
    ['from the public data', ['/activities/update']],
  ])('is not shown to staff who read the record %s', async (_how, scopes) => {
    await connect(fixture.stack, { orcid: ada, scopes })
    await write()
    const { visitor: staff } = await connect(fixture.stack, { orcid: admin })
    const page = await read(staff, pageOf(ada))
    for (const words of open) expect(page).toContain(words)
    expect(page).not.toContain(title)
  })
})

describe('a record that cannot be read', () => {
  const cases = [
    ['locked', {}, 'ORCID has locked this record'],
    ['deactivated', { keepTokens: true }, 'This record was closed at ORCID'],
    ['merged', { mergedInto: noor }, 'This record was merged into another'],
  ] as const

  test('says so in words where it is locked, closed or merged, and that nobody has seen anything', async () => {
    await connect(fixture.stack, { orcid: ada })
    const { visitor: staff } = await connect(fixture.stack, { orcid: admin })
    try {
      for (const [state, more, words] of cases) {
        await fixture.stack.registry.setRecordState(ada, { state, ...more })
        const page = await read(staff, pageOf(ada))
        expect(page).toContain(words)
        if (state === 'merged') expect(page).toContain(`https://orcid.org/${noor}`)
      }
    } finally {
      await fixture.stack.registry.setRecordState(ada, { state: 'ok' })
    }
    expect(await eventsAbout(ada)).toEqual([])
  })

  test('because ORCID does not answer changes nothing, and every other page is there as ever', async () => {
    const { visitor } = await connect(fixture.stack, { orcid: ada })
    await fixture.stack.registry.addFault({ on: 'api', fault: 'unavailable_503', times: 0 })
    const page = await read(visitor, '/me/record?wait')
    expect(page).toMatch(/ORCID is not answering|ORCID asks us to wait/)
    expect(page).toContain('Nothing was changed')
    expect(await read(visitor, '/me')).toContain('What you allow')
    expect(await fixture.rows(`select state from "grant" where state <> 'live'`)).toEqual([])
  }, 40_000)

  test('because the token is refused has the grant checked at once', async () => {
    await connect(fixture.stack, { orcid: ada })
    const { visitor: staff } = await connect(fixture.stack, { orcid: admin })
    const [token] = (await fixture.liveTokens()).filter(({ orcid }) => orcid === ada)
    const { url, clientId, clientSecret } = fixture.stack.registry
    await fetch(`${url}/oauth/revoke`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: clientId, client_secret: clientSecret, token: token?.accessToken ?? '' }),
    })
    expect(await read(staff, pageOf(ada))).toContain('ORCID did not accept this permission')
    await until('the check is under way or done', async () => {
      const jobs = await fixture.rows(`select 1 from graphile_worker.jobs where task_identifier = 'grant.check'`)
      const ended = await fixture.rows(`select 1 from "grant" where state = 'withdrawn_at_orcid'`)
      return jobs.length + ended.length > 0
    })
  })
})

test('a viewer does not read records, and nothing of ORCID is asked for them', async () => {
  await connect(fixture.stack, { orcid: ada })
  await fixture.rows(`insert into staff_member (orcid, role, origin) values ($1, 'viewer', 'test')`, [noor])
  const { visitor: viewer } = await connect(fixture.stack, { orcid: noor })
  const before = await calls()
  expect((await viewer.get(`${fixture.stack.portal.url}${pageOf(ada)}`)).status).toBe(404)
  expect(await calls()).toBe(before)
  expect(await read(viewer, `/staff/researchers/${ada}`)).not.toContain(`/staff/researchers/${ada}/record`)
})

test('a record is not asked of ORCID more than sixty times in ten minutes by one person, and the page says so', async () => {
  const { visitor } = await connect(fixture.stack, { orcid: ada })
  await fixture.rows('delete from rate_limit')
  await fixture.stack.registry.addFault({ on: 'api', fault: 'html_500', times: 0 })
  await read(visitor, '/me/record?wait')
  await fixture.rows('update rate_limit set hits = 60')
  await fixture.stack.registry.clearFaults()
  const before = await calls()
  expect(await read(visitor, '/me/record?wait')).toContain('This record was requested too often')
  expect(await calls()).toBe(before)
  const { visitor: staff } = await connect(fixture.stack, { orcid: admin })
  expect(await read(staff, pageOf(ada))).toContain('unpublished interest')
})
