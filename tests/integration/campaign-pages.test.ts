import { beforeEach, describe, expect, test } from 'vitest'
import { connect } from '@/tests/support/journey'
import { stackPerFile } from '@/tests/support/stack-per-file'
import type { Visitor } from '@/tests/support/visitor'

const grace = '0000-0099-5475-2774'
const fixture = stackPerFile({
  STAFF_ADMINS: grace,
  WORKER: 'none',
  INSTITUTION_LANGUAGES: 'en es',
  INSTITUTION_EMAIL_DOMAINS: 'example.org',
  SMTP_URL: 'smtp://mailer:b6c7a1d4-not-asked@127.0.0.1:9',
  MAIL_FROM: 'Library <orcid@example.org>',
  MAIL_ALLOWED: 'p0@example.org,p1@example.org,p2@example.org,grace@example.org',
})
const at = (path: string) => new URL(path, fixture.stack.portal.url).href
let staff: Visitor

beforeEach(async () => {
  for (const table of ['campaign', 'mail']) await fixture.rows(`delete from ${table}`)
  await fixture.rows(`delete from person where origin = 'imported'`)
  staff = (await connect(fixture.stack, { orcid: grace, purpose: 'sign-in' })).visitor
  await setRole('admin')
})

const setRole = (role: string, mayExport = false) =>
  fixture.rows('update staff_member set role = $2::staff_role, may_export = $3 where orcid = $1', [
    grace,
    role,
    mayExport,
  ])
const mainOf = (body: string) => body.slice(body.indexOf('<main'), body.indexOf('</main>'))
const read = async (path: string) => mainOf((await staff.get(at(path))).body)
const send = async (path: string, fields: Record<string, string>) => {
  const answer = await staff.post(at(path), Object.entries(fields))
  expect(answer.status).toBe(303)
  return answer.location ?? ''
}

async function addPeople(count: number): Promise<void> {
  await fixture.rows(
    `insert into person (local_id, given_name, family_name, email, origin, kind)
     select 'p' || n, 'Ada', 'Person' || n, 'p' || n || '@example.org', 'imported', 'staff' from generate_series(0, $1 - 1) as n`,
    [count],
  )
}

async function draft(): Promise<string> {
  const location = await send('/staff/campaigns/drafting', { name: 'Autumn', purpose: 'More of us' })
  return /campaigns\/([\da-f-]{36})\/edit/.exec(location)?.[1] ?? ''
}

const words = (locale: string) => ({
  [`why-${locale}`]: 'So that you need not type your publications again.',
  [`reason-${locale}-read-limited`]: 'Fills your staff page.',
})
const complete = {
  name: 'Autumn',
  purpose: 'More of us',
  who: 'people',
  filters: 'kind=staff',
  'scope-read-limited': 'yes',
  ...words('en'),
  ...words('es'),
  endsOn: '2999-12-31',
  'step-1-template': 'invitation',
  'step-1-afterDays': '0',
  'step-1-audience': 'not_connected',
  'step-1-times': '1',
}

async function ready(more: Record<string, string> = {}): Promise<string> {
  const id = await draft()
  expect(await send('/staff/campaigns/change', { campaign: id, ...complete, ...more })).toContain('note=saved')
  expect(await send('/staff/campaigns/informed', { campaign: id, informed: 'By letter' })).toContain('note=informed')
  return id
}

describe('the pages of campaigns', () => {
  test('a draft says what is missing, each with the way to mend it, and the form says it at its place', async () => {
    await addPeople(1)
    const id = await draft()
    const page = await read(`/staff/campaigns/${id}`)
    expect(page).toContain('things are missing before this campaign can be opened')
    for (const field of ['endsOn', 'why-en']) expect(page).toContain(`href="/staff/campaigns/${id}/edit#${field}"`)
    const form = await read(`/staff/campaigns/${id}/edit`)
    expect(form).toContain('id="endsOn-fault"')
    expect(form).toContain('Choose a last day')
    expect(await read('/staff/campaigns')).toContain('Autumn')
  })

  test('a draft shows each mail of its plan with its own words, and how many get the first', async () => {
    await addPeople(3)
    await fixture.rows(`update person set email = null where local_id = 'p2'`)
    const id = await ready({ 'why-en': 'So that your staff page fills itself.' })
    const page = await read(`/staff/campaigns/${id}`)
    expect(page).toContain('2 of 3 people get the first mail.')
    const plan = page.slice(page.indexOf('id="steps"'), page.indexOf('id="informed"'))
    expect(plan).toContain('Read this mail')
    expect(plan).toContain('So that your staff page fills itself.')
    expect(plan).toContain('Fills your staff page.')
    expect(plan).toMatch(/31 December 2999|December 31, 2999/)
    expect(plan).toContain('31 de diciembre de 2999')
  })

  test('the form says what readers of a language get in which nobody is written to', async () => {
    await addPeople(1)
    const id = await draft()
    const nobody = 'Nobody among these people is written to in Spanish'
    expect(await read(`/staff/campaigns/${id}/edit`)).not.toContain(nobody)
    const change = { campaign: id, ...complete, 'why-es': '' }
    await send('/staff/campaigns/change', change)
    expect(await read(`/staff/campaigns/${id}`)).not.toContain('Say why we ask, in Spanish')
    expect(await read(`/staff/campaigns/${id}/edit`)).toContain(nobody)
    await fixture.rows(`update person set language = 'es' where local_id = 'p0'`)
    expect(await read(`/staff/campaigns/${id}`)).toContain('Say why we ask, in Spanish')
    expect(await read(`/staff/campaigns/${id}/edit`)).not.toContain(nobody)
  })

  test('the form offers the texts of campaigns, and no mail to those who run systems', async () => {
    const form = await read(`/staff/campaigns/${await draft()}/edit`)
    const [menu = ''] = /<select name="step-1-template".*?<\/select>/s.exec(form) ?? []
    expect([...menu.matchAll(/<option value="([^"]*)"/g)].map(([, value]) => value)).toEqual([
      '',
      'invitation',
      'reminder',
      'last_reminder',
      'allowed_less',
    ])
    expect(form).toContain('Add mail 4')
  })

  test('a list of people leads to a campaign for them', async () => {
    await addPeople(2)
    const list = await read('/staff/people?kind=staff&sort=-name')
    expect(list).toContain('href="/staff/campaigns/new?filters=kind%3Dstaff"')
    expect(await read('/staff/campaigns/new?filters=kind%3Dstaff')).toContain('Whom: Staff')
    const fields = { name: 'Autumn', purpose: 'More of us', filters: 'kind=staff' }
    const location = await send('/staff/campaigns/drafting', fields)
    expect(await fixture.rows('select audience from campaign')).toEqual([{ audience: 'kind=staff' }])
    expect(await read(location.replace('/edit', ''))).toContain('2 of 2 people get the first mail.')
    expect(await send('/staff/campaigns/drafting', { ...fields, filters: 'q=Ada' })).toContain('/new?draft=')
  })

  test('a megabyte of text gets its sentence at its place, and nothing that was typed is lost', async () => {
    const id = await draft()
    const long = 'é'.repeat(500_000)
    const sent = { campaign: id, ...complete, startsOn: '2999-12-31', endsOn: '2027-01-01', 'why-en': long }
    const location = await send('/staff/campaigns/change', sent)
    expect(location).toContain(`/staff/campaigns/${id}/edit?draft=`)
    const form = await read(location)
    expect(form).toContain('id="why-en-fault"')
    expect(form).toContain('The last day is before the first')
    expect(form).toContain(long)
    expect(form).toContain('So that you need not type your publications again.')
  })

  test('the history names the campaign that an event is about', async () => {
    const id = await draft()
    await send('/staff/campaigns/change', { campaign: id, ...complete })
    const history = await read('/staff/audit?action=campaign.changed')
    const [, row = ''] = history.split('<tbody')
    expect(row.slice(0, row.indexOf('</tr>'))).toContain(`href="/staff/campaigns/${id}"`)
    expect(row.slice(0, row.indexOf('</tr>'))).not.toContain('Nobody in particular')
  })

  test('a name that is HTML is a name', async () => {
    const id = await draft()
    await send('/staff/campaigns/change', { campaign: id, ...complete, name: '<b>Autumn</b>' })
    expect(await read(`/staff/campaigns/${id}`)).toContain('&lt;b&gt;Autumn&lt;/b&gt;')
  })

  test('the opening shows how many and each mail, asks for a test mail and the number, and says what is wrong', async () => {
    await addPeople(3)
    const id = await ready()
    expect(await read(`/staff/campaigns/${id}`)).toContain('Nothing is missing')
    const page = await read(`/staff/campaigns/${id}/open`)
    expect(page).toContain('3 people would get this mail.')
    expect(page).toContain('p2@example.org')
    const open = (number: string) => send('/staff/campaigns/opening', { campaign: id, number })
    expect(await open('2')).toContain('note=wrong_number')
    expect(await open('3')).toContain('note=no_test_mail')
    const test = { campaign: id, locale: 'en' }
    const sendTest = (address: string) => send('/staff/campaigns/test-mail', { ...test, address })
    expect(await sendTest('me@elsewhere.example')).toContain('test=elsewhere')
    await fixture.rows('update installation set mail_stopped_at = now()')
    expect(await read(await sendTest('grace@example.org'))).toContain('Nothing was sent: all mail is stopped.')
    await fixture.rows('update installation set mail_stopped_at = null')
    expect(await fixture.rows(`select 1 from audit_event where action = 'mail.test_sent'`)).toEqual([])
    expect(await read(await sendTest('grace@example.org'))).toContain('The test mail is on its way.')
    const [mail] = await fixture.rows(
      `select address, values->>'campaignId' as id, template from mail where kind = 'test'`,
    )
    expect(mail).toEqual({ address: 'grace@example.org', id, template: 'invitation' })
    const events = await fixture.rows(`select detail from audit_event where action = 'mail.test_sent'`)
    expect(events).toEqual([{ detail: { campaignId: id, locale: 'en', template: 'invitation' } }])
    await fixture.rows(`update mail set state = 'sent', sent_at = now()`)
    expect(await open('3')).toContain('note=opened')
    const opened = await read(`/staff/campaigns/${id}`)
    expect(opened).toContain('3 recipients')
    expect(opened).toContain('Stop')
    const [mailing] = await fixture.rows('select id from mailing')
    await send('/staff/campaigns/mailing', { mailing: mailing?.id ?? '', action: 'stop' })
    expect(await read(`/staff/campaigns/${id}`)).toContain('Stopped')
  })

  test('how people were informed is shown with who recorded it, and its form is folded from then on', async () => {
    const id = await draft()
    await send('/staff/campaigns/change', { campaign: id, ...complete })
    const form = 'action="/staff/campaigns/informed"'
    const section = async (note = '') => {
      const page = await read(`/staff/campaigns/${id}${note}`)
      return page.slice(page.indexOf('<section id="informed"')).split('</section>')[0] ?? ''
    }
    expect((await section()).split('<details')[0]).toContain(form)
    await send('/staff/campaigns/informed', { campaign: id, informed: 'By letter to everybody' })
    const [shown = '', folded = ''] = (await section()).split('<details')
    expect(shown).toContain('By letter to everybody')
    expect(shown).toMatch(/Recorded by Grace/)
    expect(shown).toContain('<time')
    expect(shown).not.toContain(form)
    expect(folded).toMatch(/<summary[^>]*>Change</)
    expect(folded).toContain(form)
    expect(folded).not.toMatch(/^[^>]* open/)
    const sent = await send('/staff/campaigns/informed', { campaign: id, informed: ' ' })
    expect(await section(sent.slice(sent.indexOf('?')))).toMatch(/<details[^>]* open/)
    expect(await section()).toContain('By letter to everybody')
  })

  test('who is invited is a list in which whoever refused is not connected', async () => {
    await addPeople(2)
    const id = await ready()
    await fixture.rows(
      `insert into invitation (campaign_id, person_id) select $1, id from person where origin = 'imported'`,
      [id],
    )
    await fixture.rows(
      `insert into do_not_ask (person_id, reason) select id, 'refused' from person where local_id = 'p0'`,
    )
    await fixture.rows(
      `update invitation set ended_at = now(), ended = 'declined' from person p where p.id = person_id and p.local_id = 'p0'`,
    )
    const page = await read(`/staff/campaigns/${id}/people`)
    expect(page.match(/Not connected/g)?.length).toBeGreaterThanOrEqual(2)
    expect(page).not.toMatch(/refus|declin/i)
    expect(await read(`/staff/campaigns/${id}/people?state=allowed`)).toContain('Nobody who is invited matches')
  })

  test('the file for a mail merge has a new link for each person, safe cells, and is in the history as an export', async () => {
    await addPeople(2)
    await fixture.rows(`update person set given_name = '=1+1', family_name = '' where local_id = 'p0'`)
    await fixture.rows(
      `insert into do_not_ask (person_id, reason) select id, 'asked' from person where local_id = 'p1'`,
    )
    const id = await ready({ mailMerge: 'yes' })
    await fixture.rows(`update campaign set state = 'open', opened_at = now() where id = $1`, [id])
    await fixture.rows(
      `insert into invitation (campaign_id, person_id) select $1, id from person where origin = 'imported'`,
      [id],
    )
    const fields = Object.entries({ campaign: id, format: 'csv' })
    const file = await staff.post(at('/staff/campaigns/merge'), fields)
    expect(file.status).toBe(200)
    const [head, row, ...rest] = file.body.trim().split('\r\n')
    expect(head).toContain('name,email,language,subject,link,link_until')
    expect(row).toMatch(/^"'=1\+1","p0@example.org","en",".+","http.+\/i\/[^"]+","\d{4}-\d\d-\d\d"$/)
    expect(rest).toEqual([])
    const [event] = await fixture.rows(`select detail from audit_event where action = 'campaign.links_exported'`)
    expect(event?.detail).toMatchObject({ rows: 1, complete: true, filter: { campaignId: id } })
    expect(await fixture.rows('select 1 from export_part where cardinality(person_ids) = 1')).toHaveLength(1)
    const [before] = await fixture.rows('select token_hash from invitation_link')
    await staff.post(at('/staff/campaigns/merge'), fields)
    const links = await fixture.rows('select token_hash, email, revoked_at from invitation_link')
    expect(links).toHaveLength(2)
    expect(links).toContainEqual({ token_hash: before?.token_hash, email: null, revoked_at: null })
    const workbook = await staff.post(at('/staff/campaigns/merge'), Object.entries({ campaign: id, format: 'xlsx' }))
    expect(workbook.body.slice(0, 2)).toBe('PK')
    await setRole('manager')
    expect((await staff.post(at('/staff/campaigns/merge'), fields)).status).toBe(404)
  })

  test('managers write campaigns and do not open them, and viewers look', async () => {
    await addPeople(1)
    const id = await ready()
    await setRole('manager')
    expect(await read(`/staff/campaigns/${id}`)).toContain('An administrator opens it.')
    const other = await draft()
    await send('/staff/campaigns/change', { campaign: other, ...complete })
    const page = await read(`/staff/campaigns/${other}`)
    expect(page).toContain('Ask an administrator')
    expect(page).not.toContain(`href="/staff/campaigns/${other}#informed"`)
    expect((await staff.get(at(`/staff/campaigns/${id}/open`))).status).toBe(404)
    await setRole('viewer')
    expect(await read(`/staff/campaigns/${id}`)).not.toContain('/edit"')
    expect((await staff.get(at(`/staff/campaigns/${id}/edit`))).status).toBe(404)
  })

  test('limited colleagues see none of it', async () => {
    await setRole('manager')
    await fixture.rows(`update staff_member set departments = '{Law}' where orcid = $1`, [grace])
    try {
      expect((await staff.get(at('/staff/campaigns'))).status).toBe(404)
      expect((await staff.get(at('/staff'))).body).not.toContain('/staff/campaigns')
    } finally {
      await fixture.rows(`update staff_member set departments = '{}' where orcid = $1`, [grace])
    }
  })

  test('what needs somebody is on the overview', async () => {
    const id = await ready()
    await fixture.rows(`update campaign set state = 'paused', pause_reason = 'failures' where id = $1`, [id])
    await fixture.rows(
      `insert into mailing (campaign_id, step, template, state, recipients) values ($1, 1, 'invitation', 'to_be_looked_at', 60)`,
      [id],
    )
    const overview = await read('/staff')
    expect(overview).toContain('paused because mails failed')
    expect(overview).toContain('look at what came back')
  })
})
