import { beforeEach, describe, expect, test } from 'vitest'
import { getMailText, hasMailText } from '@/lib/mail/templates'
import { prepareTestMail } from '@/lib/mail/test-mail'
import { workInside } from '@/tests/support/inside'
import { connect } from '@/tests/support/journey'
import { stackPerFile } from '@/tests/support/stack-per-file'
import type { Visitor } from '@/tests/support/visitor'

const grace = '0000-0099-5475-2774'
const josiah = '0000-0002-1825-0097'
const mailEnv = {
  SMTP_URL: 'smtp://127.0.0.1:2525',
  MAIL_FROM: 'Library <orcid@example.edu>',
  MAIL_DOMAINS: 'example.edu',
  MAIL_ALLOWED: 'grace@example.edu, other@example.com',
}
const fixture = stackPerFile({ STAFF_ADMINS: grace, WORKER: 'none', ...mailEnv })
workInside(fixture, mailEnv)
const at = (path: string) => new URL(path, fixture.stack.portal.url).href
let staff: Visitor

beforeEach(async () => {
  staff = (await connect(fixture.stack, { orcid: grace, purpose: 'sign-in' })).visitor
  await setRole('admin')
})

const setRole = (role: string) =>
  fixture.rows('update staff_member set role = $2::staff_role where orcid = $1', [grace, role])
const read = async (path: string) => (await staff.get(at(path))).body
/** What is left between `<main>` and `</main>`, where no data for scripts stands. */
const mainOf = (body: string) => body.slice(body.indexOf('<main'), body.indexOf('</main>'))
const decode = (html: string) =>
  html
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#x27;', "'")
    .replaceAll('&amp;', '&')

const texts = '/staff/campaigns/texts'
const good = 'Hello {name},\n\n{why}\n\n{permissions}\n\n{steps}\n\n{button}\n\n{after}'
const invitation = { template: 'invitation', locale: 'en', version: '', subject: 'Your iD', body: good, do: 'save' }

async function send(form: string, fields: Record<string, string>, by: Visitor = staff): Promise<string> {
  const data = new FormData()
  for (const [name, value] of Object.entries(fields)) data.set(name, value)
  const answer = await by.post(at(`${texts}/${form}`), data)
  expect(answer.status).toBe(303)
  return answer.location ?? ''
}
const save = (fields: Partial<typeof invitation> = {}) => send('entry', { ...invitation, ...fields })
const savedTexts = () => fixture.rows('select template, locale, subject, body from mail_text order by template, locale')
const events = async () =>
  (await fixture.rows(`select action, detail from audit_event where action like 'mail.%' order by id`)).map(
    ({ action, detail }) => [action, detail],
  )
const versionOf = async (page: string) => /name="version" value="([^"]*)"/.exec(await read(page))?.[1] ?? ''

describe('a text', () => {
  test('is saved with its event, takes the place of ours in its language alone, and goes back to ours', async () => {
    expect(await read(`${texts}/invitation?locale=en`)).toContain('This is the standard text.')
    expect(await save()).toBe(`${texts}/invitation?locale=en&note=saved`)
    const page = await read(`${texts}/invitation?locale=en&note=saved`)
    expect(page).toContain('Saved. Mails that have not been sent yet get these words.')
    expect(page).toContain('Hello {name},')
    expect(await getMailText('invitation', 'en')).toEqual({ subject: 'Your iD', body: good })
    expect((await getMailText('invitation', 'es')).subject).toContain('Conecte su ORCID iD')
    expect(await read(texts)).toContain('your text, since')
    expect(await events()).toEqual([['mail.text_changed', { locale: 'en', template: 'invitation' }]])

    await send('reset', { template: 'invitation', locale: 'en', sure: 'yes' })
    expect(await savedTexts()).toEqual([])
    expect((await getMailText('invitation', 'en')).subject).toContain('Connect your ORCID iD')
    expect((await events()).at(-1)).toEqual(['mail.text_reset', { locale: 'en', template: 'invitation' }])
  })

  test('with faults is not saved: each stands at its field, and what was typed is kept for its writer', async () => {
    const location = await save({
      subject: 'Dear\nall',
      body: 'Dear {nmae}, <b>hello</b>. Make your e-mail public.\n{unsubscribe} {',
    })
    expect(location).toMatch(/\/invitation\?locale=en&draft=[\da-f-]{36}&wrong=yes#wrong$/)
    const page = decode(await read(location))
    expect(page).toContain('<title>Error: Invitation')
    for (const words of [
      '{nmae} is not a variable. Did you mean {name}?',
      'ORCID requires that the mail says why you ask. Add {why}.',
      'ORCID requires a personal link. Add {button} on a line of its own.',
      'ORCID requires the steps to give permission. Add {steps}',
      'what happens afterwards. Add {after}',
      '{unsubscribe} is not needed: the foot of every mail says it.',
      'A brace stands alone.',
      'Change this sentence: “Make your e-mail public.”',
      'A subject is one line.',
    ])
      expect(mainOf(page).split(words).length, words).toBe(3)
    expect(page).toContain('id="body-fault"')
    expect(page).toContain('Dear {nmae}, <b>hello</b>.')
    expect(await savedTexts()).toEqual([])
    // Nobody else reads what somebody has not saved.
    await fixture.rows(`insert into staff_member (orcid, role, origin) values ($1, 'manager', 'test')`, [josiah])
    const other = (await connect(fixture.stack, { orcid: josiah, purpose: 'sign-in' })).visitor
    expect((await other.get(at(location))).body).not.toContain('nmae')
    // A draft of a mail is none of the form for a person.
    const [, draft] = /draft=([\da-f-]+)/.exec(location) ?? []
    expect((await staff.get(at(`/staff/people/new?draft=${draft}`))).status).toBe(200)
  })

  test('is previewed without being saved, by a button and for script, and its HTML runs nowhere', async () => {
    const body = `${good}\n\n<script>alert(1)</script>`
    const location = await save({ body, do: 'preview' })
    expect(location).toMatch(/&draft=[\da-f-]{36}#preview$/)
    const page = await read(location)
    expect(page).toContain('This is not saved yet.')
    const [, frame = ''] = /<iframe[^>]*srcDoc="([^"]*)"/i.exec(page) ?? []
    expect(decode(frame)).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    expect(page.match(/<iframe[^>]*>/g)?.every((one) => one.includes('sandbox=""'))).toBe(true)
    const data = new FormData()
    for (const [name, value] of Object.entries({ ...invitation, body })) data.set(name, value)
    const answer = await staff.post(at(`${texts}/preview`), data)
    expect(answer.headers.get('content-type')).toContain('application/json')
    const preview = JSON.parse(answer.body)
    expect(preview.plain).toContain('Hello Josiah Carberry,')
    expect(preview.dark).toContain('@media all{')
    expect(preview.light).toContain('@media not all{')
    expect(await savedTexts()).toEqual([])
    expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  })

  test('that somebody else changed meanwhile is not overwritten unasked, and is by saving again', async () => {
    const page = `${texts}/invitation?locale=en`
    const mine = await versionOf(page)
    await save({ body: `${good}\n\nTheirs.` })
    const location = await save({ version: mine, body: `${good}\n\nMine.` })
    expect(location).toContain('draft=')
    expect(await read(location)).toContain('Somebody else has changed this text since you opened it.')
    expect((await savedTexts())[0]?.body).toContain('Theirs.')
    await save({ version: await versionOf(location), body: `${good}\n\nMine.` })
    expect((await savedTexts())[0]?.body).toContain('Mine.')
  })

  test('of a megabyte is refused in words, and so is one of 21 kB, which is kept', async () => {
    const location = await save({ body: 'x'.repeat(1_000_000) })
    expect(location).toMatch(/\/staff\/campaigns\/texts\?note=too-long$/)
    expect(await read(location)).toContain('the text is longer than 20 kB')
    const shorter = await read(await save({ body: `${good}${'y'.repeat(21_000)}` }))
    expect(shorter).toContain('The text is longer than 20 kB.')
    expect(shorter).toContain('yyyyyyyy')
    expect(await savedTexts()).toEqual([])
  })

  test('with what no database keeps is told so by its place, and the rest is kept', async () => {
    expect(await save({ body: `${good}\n\nNul \0 and half \ud800` })).toContain('note=saved')
    expect((await savedTexts())[0]?.body).toContain('Nul \ufffd and half')
  })

  test('in a language or of a template that is not there changes nothing', async () => {
    expect(await save({ template: 'no-such' })).toBe(`${texts}?note=gone`)
    expect(await save({ locale: 'fr' })).toBe(`${texts}?note=gone`)
    for (const key of ['no-such', '%00', '%F0%9F%99%82'])
      expect((await staff.get(at(`${texts}/${key}`))).status).toBe(404)
    for (const wrong of [{ template: 'a\0b' }, { version: '\0' }, { locale: '\0' }]) {
      const fields = Object.entries({ ...invitation, ...wrong })
      expect((await staff.post(at(`${texts}/entry`), fields)).status).toBe(400)
    }
    expect(await savedTexts()).toEqual([])
  })

  test('is read by viewers and changed by managers', async () => {
    await setRole('viewer')
    const page = await read(`${texts}/invitation?locale=en`)
    expect(page).toContain('readOnly=""')
    for (const form of ['test', 'reset']) expect(page).not.toContain(`action="${texts}/${form}"`)
    expect(mainOf(page)).not.toContain('type="submit"')
    expect(mainOf(await read(texts))).not.toContain('<form')
    expect((await staff.post(at(`${texts}/entry`), Object.entries(invitation))).status).toBe(404)
    await setRole('manager')
    expect(await save()).toContain('note=saved')
  })
})

describe('a template of the institution’s own', () => {
  const make = (fields = {}) => send('own', { name: 'To <deans>', from: 'invitation', ...fields })
  const keyOf = (location: string) => /texts\/([^?]+)/.exec(location)?.[1] ?? ''

  test('begins with the present words in every language, asks for the same, and is deleted with them', async () => {
    await save({ subject: 'Ours now' })
    const key = keyOf(await make())
    expect(await getMailText(key, 'en')).toEqual({ subject: 'Ours now', body: good })
    expect((await getMailText(key, 'es')).subject).toContain('Conecte su ORCID iD')
    expect(await hasMailText(key, 'es')).toBe(true)
    expect(await hasMailText(key, 'fr')).toBe(false)
    expect(decode(await read(texts))).toContain('To <deans>')
    const version = await versionOf(`${texts}/${key}?locale=en`)
    expect(await save({ template: key, version, body: 'Dear {name}' })).toContain('wrong=yes')
    await fixture.rows(`delete from mail_text where template = $1 and locale = 'es'`, [key])
    expect(await hasMailText(key, 'es')).toBe(false)
    expect(await read(`${texts}/${key}?locale=es`)).toContain('Not written in this language yet.')
    await send('reset', { template: key, locale: 'es', sure: 'yes' })
    expect(await hasMailText(key, 'es')).toBe(true)
    expect(await send('removal', { template: key, sure: 'yes' })).toBe(`${texts}?note=removed`)
    expect((await savedTexts()).map(({ template }) => template)).toEqual(['invitation'])
    const last = (await events()).map(([action]) => action)
    expect(last).toEqual(['mail.text_changed', 'mail.template_added', 'mail.text_reset', 'mail.template_removed'])
  })

  test('stays while a campaign uses it, which is said by name, and a standard one is never deleted', async () => {
    const key = keyOf(await make())
    await fixture.rows(
      `with made as (insert into campaign (name, code, purpose, made_by_id)
         select 'Spring <2027>', 'abc', 'p', id from staff_member where orcid = $1 returning id)
       insert into campaign_step (campaign_id, place, template, after_days, audience)
         select id, 1, $2, 0, 'not_connected' from made`,
      [grace, key],
    )
    const page = decode(await read(`${texts}/${key}`))
    expect(page).toContain('Spring <2027>')
    expect(page).not.toContain(`action="${texts}/removal"`)
    expect(await send('removal', { template: key, sure: 'yes' })).toBe(`${texts}/${key}?note=used`)
    expect(await fixture.rows('select 1 from mail_template')).toHaveLength(1)
    await fixture.rows(`update campaign set state = 'closed'`)
    expect(await send('removal', { template: key, sure: 'yes' })).toBe(`${texts}?note=removed`)
    expect(await send('removal', { template: 'invitation', sure: 'yes' })).toBe(`${texts}?note=gone`)
  })

  test('needs a name', async () => {
    expect(await make({ name: ' \u200b ' })).toContain('note=unnamed')
    expect(await make({ from: 'no-such' })).toBe(`${texts}?note=gone`)
    expect(await fixture.rows('select 1 from mail_template')).toEqual([])
  })
})

describe('a test mail', () => {
  const testMail = (address: string, template = 'invitation') => send('test', { template, locale: 'en', address })

  test('to an allowed address of the institution waits in the outbox, is in the history without the address, and is the saved text', async () => {
    await save({ subject: 'For {name}' })
    expect(await testMail('grace@example.edu')).toBe(`${texts}/invitation?locale=en&test=sent#test`)
    const [mail] = await fixture.rows(`
      select id, kind, template, locale, address, values, staff_id as "staffId", person_id as "personId",
        invitation_id as "invitationId", mailing_id as "mailingId", message_id as "messageId" from mail`)
    expect(mail).toMatchObject({ kind: 'test', address: 'grace@example.edu', template: 'invitation', personId: null })
    expect((await events()).at(-1)).toEqual(['mail.test_sent', { locale: 'en', template: 'invitation' }])
    const prepared = await prepareTestMail(mail as never)
    expect(prepared).toMatchObject({
      subject: 'For Josiah Carberry',
      to: { address: 'grace@example.edu' },
      unsubscribeUrl: null,
    })
    expect('html' in prepared && prepared.html).toContain('/privacy/roster')
  })

  test.each([
    ['stranger@example.edu', 'not_allowed'],
    ['other@example.com', 'elsewhere'],
    ['grace@example.edu.evil.org', 'elsewhere'],
    ['grace@example.edu\nBcc: all@example.edu', 'line_break'],
    ['grace@exämple.edu', 'non_ascii'],
    ['grace', 'malformed'],
  ])('to %j is not sent: %s', async (address, fault) => {
    const location = await testMail(address)
    expect(location).toBe(`${texts}/invitation?locale=en&test=${fault}#test`)
    expect(await read(location)).toContain('Nothing was sent: ')
    expect(await fixture.rows('select 1 from mail')).toEqual([])
  })

  test('is not sent while all mail is stopped', async () => {
    await fixture.rows('update installation set mail_stopped_at = now()')
    expect(await testMail('grace@example.edu')).toContain('test=stopped')
    await fixture.rows('update installation set mail_stopped_at = null')
  })

  test('is sent twenty times an hour at most', async () => {
    const fields: [string, string][] = [
      ['template', 'invitation'],
      ['locale', 'en'],
      ['address', 'grace'],
    ]
    const statuses: number[] = []
    for (let time = 0; time < 21; time++) statuses.push((await staff.post(at(`${texts}/test`), fields)).status)
    expect(statuses.filter((status) => status === 303)).toHaveLength(20)
    expect(statuses.at(-1)).toBe(429)
  })
})
