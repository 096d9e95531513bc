import { beforeEach, describe, expect, test } from 'vitest'
import { connect } from '@/tests/support/journey'
import { mailEnv } from '@/tests/support/mail-env'
import { stackPerFile } from '@/tests/support/stack-per-file'
import type { Visitor } from '@/tests/support/visitor'

const grace = '0000-0099-5475-2774'
const page = '/staff/campaigns/mail'
const fixture = stackPerFile({ STAFF_ADMINS: grace, WORKER: 'none', ...mailEnv('smtp://127.0.0.1:9') })
const at = (path: string) => new URL(path, fixture.stack.portal.url).href
let staff: Visitor

beforeEach(async () => {
  staff = (await connect(fixture.stack, { orcid: grace, purpose: 'sign-in' })).visitor
  await setRole('manager')
  await fixture.rows('delete from mail')
  await fixture.rows('delete from person where local_id is not null')
})

const setRole = (role: string) =>
  fixture.rows('update staff_member set role = $2::staff_role where orcid = $1', [grace, role])
const read = async (path = page) => {
  const { body } = await staff.get(at(path))
  return body.slice(body.indexOf('<main'), body.indexOf('</main>')).replaceAll('<!-- -->', '')
}
const post = async (path: string, fields: Record<string, string>) => {
  const { status, location } = await staff.post(at(path), Object.entries(fields))
  return { status, location }
}

async function addMail(values: {
  state: string
  reason?: string
  name?: string
  confidential?: boolean
  minutesAgo?: number
}) {
  const { state, reason = null, name = 'Anna', confidential = false, minutesAgo = 1 } = values
  const [row] = await fixture.rows(
    `with someone as (
       insert into person (local_id, given_name, family_name, origin, email, confidential)
       values (gen_random_uuid()::text, $3, 'Example', 'imported', 'a@example.org', $4) returning id)
     insert into mail (kind, state, reason, message_id, person_id, template, locale, sending_at, tries)
     select 'invitation', $1::mail_state, $2, gen_random_uuid()::text, id, 'invitation', 'en',
       now() - make_interval(mins => $5), 1
     from someone returning id`,
    [state, reason, name, confidential, minutesAgo],
  )
  return String(row?.id)
}

describe('the page of the outbox', () => {
  test('says how much has gone out, from where and to whom, and that there is nothing to look at', async () => {
    const body = await read()
    expect(body).toContain('No mail has gone out today; campaigns send at most 2,000 a day.')
    expect(body).toContain('goes to addresses at example.org only')
    expect(body).toContain('only one entry of MAIL_ALLOWED gets mail')
    expect(body).toContain('There is nothing: every mail')
  })

  test('lists what was refused or perhaps sent with the reason in words, and who it was for, but nobody confidential', async () => {
    const id = await addMail({ state: 'refused', reason: '5.1.1', name: 'Emmy' })
    await addMail({ state: 'perhaps_sent', reason: 'cut', name: 'Sofia' })
    await addMail({ state: 'refused', reason: '5.2.2', name: 'Secret', confidential: true })
    await addMail({ state: 'sent', name: 'Arrived' })
    await addMail({ state: 'waiting', reason: '4.2.1', name: 'Later' })
    const body = await read()
    for (const words of [
      'Emmy Example',
      'The address does not exist.',
      '5.1.1',
      'Sofia Example',
      'The connection broke off.',
    ])
      expect(body).toContain(words)
    expect(body).toMatch(/id="retried".*Later Example.*The mailbox takes no mail/s)
    expect(body).not.toMatch(/Secret|Arrived/)
    const refused = await read(`${page}?state=refused`)
    expect(refused).toContain(id)
    expect(refused).not.toContain('Sofia')
  })

  test('shows fifty at a time, the newest first', async () => {
    for (let n = 0; n < 60; n++) await addMail({ state: 'refused', reason: '550', name: `P${n}`, minutesAgo: n })
    const first = await read()
    expect(first.match(/The server refused it/g)).toHaveLength(50)
    const older = /href="([^"]*cursor[^"]*)" rel="next"/.exec(first)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const second = await read(older)
    expect(second.match(/The server refused it/g)).toHaveLength(10)
    expect(second).toContain('P59 Example')
  })

  test('has a mail sent again once, as a new one', async () => {
    const id = await addMail({ state: 'perhaps_sent', reason: 'no_answer' })
    expect(await post(`${page}/again`, { mail: id })).toMatchObject({ location: expect.stringContaining('note=again') })
    expect(await post(`${page}/again`, { mail: id })).toMatchObject({
      location: expect.stringContaining('note=not-again'),
    })
    const copies = await fixture.rows('select state::text, again_of_id::text, mailing_id from mail where id <> $1', [
      id,
    ])
    expect(copies).toEqual([{ state: 'waiting', again_of_id: id, mailing_id: null }])
    const body = await read()
    expect(body).toContain('Sent again')
    expect(body).not.toContain('Send again</button>')
  })

  test('stops all mail only where that was meant, and says so until it goes on', async () => {
    expect(await post(`${page}/switch`, { to: 'stop' })).toMatchObject({ status: 400 })
    await post(`${page}/switch`, { to: 'stop', sure: 'yes' })
    expect(await read()).toMatch(/All mail has been stopped since .*Let mail go on/s)
    await post(`${page}/switch`, { to: 'go', sure: 'yes' })
    expect(await read()).not.toContain('has been stopped')
  })

  test('gives a viewer no switch and nothing to send again', async () => {
    await addMail({ state: 'refused', reason: '550' })
    await setRole('viewer')
    expect(await read()).not.toMatch(/<form|Send again<|Stop all mail/)
    expect(await post(`${page}/switch`, { to: 'stop', sure: 'yes' })).toMatchObject({ status: 404 })
  })
})

describe('without a mail server', () => {
  const without = stackPerFile({ STAFF_ADMINS: grace, WORKER: 'none' })

  test('the page says what to configure', async () => {
    const { visitor } = await connect(without.stack, { orcid: grace, purpose: 'sign-in' })
    const { body } = await visitor.get(new URL(page, without.stack.portal.url).href)
    expect(body).toContain('No mail server is configured, so no mail is sent.')
    expect(body).toContain('Set SMTP_URL and MAIL_FROM')
  })
})
