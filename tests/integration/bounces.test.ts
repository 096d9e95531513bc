import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { toBounceAddress } from '@/lib/mail/bounce'
import { readBounces } from '@/lib/mail/bounces'
import { makeUnsubscribeUrl } from '@/lib/mail/unsubscribing'
import { deliveryReport, vacationReply } from '@/tests/support/bounce-messages'
import { type ImapServer, startImapServer } from '@/tests/support/imap-server'
import { workInside } from '@/tests/support/inside'
import { addInvited, mailSettings } from '@/tests/support/invited'
import { stackPerFile } from '@/tests/support/stack-per-file'

const fixture = stackPerFile({ WORKER: 'none', ...mailSettings })
workInside(fixture)

const base = 'bounces@example.org'
let mailbox: ImapServer
let bo: Awaited<ReturnType<typeof addInvited>>

beforeAll(async () => {
  mailbox = await startImapServer()
})
afterAll(() => mailbox.stop())
beforeEach(async () => {
  mailbox.messages.length = 0
  mailbox.commands.length = 0
  bo = await addInvited(fixture.rows, 'bo')
})

const mailOf = async (id: string) => {
  const [row] = await fixture.rows(
    `select state::text, bounced_at is not null as bounced, reason from mail where id = $1`,
    [id],
  )
  return row
}
const suppressions = () =>
  fixture.rows('select reason::text, person_id::text as person from mail_suppression order by reason')
const events = () =>
  fixture.rows(`select action, detail from audit_event where action like 'mail.%' order by id`) as Promise<
    { action: string; detail: unknown }[]
  >
const nothingMore = async () => {
  expect(await mailOf(bo.waiting.id)).toMatchObject({ state: 'suppressed' })
  expect(await fixture.rows('select 1 from invitation where ended_at is not null')).toEqual([])
  expect(await fixture.rows('select 1 from do_not_ask')).toEqual([])
}

describe('a mailbox for bounces', () => {
  const read = (address = base) => readBounces({ address, imapUrl: mailbox.url })
  const report = (more: object = {}) => deliveryReport({ to: toBounceAddress(base, bo.sent.id), ...more })

  test('marks the mail that bounced and its address, ends nothing else, and does so once', async () => {
    mailbox.add(report())
    mailbox.add(report())
    expect(await read()).toEqual({ read: 2, bounced: 1 })
    expect(await mailOf(bo.sent.id)).toEqual({ state: 'sent', bounced: true, reason: '5.1.1' })
    expect(await suppressions()).toEqual([{ reason: 'bounced', person: bo.personId }])
    expect(await events()).toEqual([
      { action: 'mail.bounced', detail: { kind: 'bounce', status: '5.1.1', personId: bo.personId } },
    ])
    await nothingMore()
  })

  test('keeps every message: each is marked as seen, none is moved, deleted or read again', async () => {
    mailbox.add(report())
    mailbox.add(vacationReply(toBounceAddress(base, bo.sent.id)))
    expect(await read()).toEqual({ read: 2, bounced: 1 })
    expect(mailbox.messages.map(({ flags }) => [...flags])).toEqual([['\\Seen'], ['\\Seen']])
    expect(mailbox.commands.join('\n')).not.toMatch(/EXPUNGE|MOVE|COPY|\\Deleted|(?<!\.PEEK)\[\]/)
    expect(await read()).toEqual({ read: 0, bounced: 0 })
  })

  test('knows a mail by its Message-ID, and takes no answer or delay for a bounce', async () => {
    mailbox.add(report({ action: 'delayed', status: '4.4.1' }))
    mailbox.add(vacationReply(toBounceAddress(base, bo.sent.id), ['X-Autoreply: yes']))
    mailbox.add(report({ to: `bounces+${crypto.randomUUID()}@example.org` }))
    expect(await read()).toEqual({ read: 3, bounced: 0 })
    expect(await suppressions()).toEqual([])
    mailbox.add(report({ to: base, messageId: bo.sent.messageId }))
    expect(await read()).toEqual({ read: 1, bounced: 1 })
  })

  test('is left as it was where the connection breaks, and read on the next time', async () => {
    mailbox.add(report())
    mailbox.cutAtFetch()
    await expect(read()).rejects.toThrow(/^The mailbox for bounces cannot be read/)
    expect(mailbox.messages.map(({ flags }) => flags.size)).toEqual([0])
    expect(await read()).toEqual({ read: 1, bounced: 1 })
  })

  test('is read 200 messages at a time, and no more of a message than 256 kB', async () => {
    mailbox.add(`${report()}${'x'.repeat(1_000_000)}`)
    for (let n = 0; n < 204; n++) mailbox.add(vacationReply(base))
    expect(await read()).toEqual({ read: 200, bounced: 1 })
    expect(mailbox.commands.find((command) => command.startsWith('UID FETCH'))).toContain('<0.262144>')
    expect(await read()).toEqual({ read: 5, bounced: 0 })
  })

  test('says that it refuses the password, and says neither the password nor the user', async () => {
    const imapUrl = mailbox.url.replace('bounces:', 'geheim:')
    const error = await readBounces({ address: base, imapUrl }).catch((failure) => failure as Error)
    expect(error).toEqual(new Error('The mailbox for bounces refuses the user or the password'))
    expect((error as Error).cause).toBe(undefined)
    const away = await readBounces({ address: base, imapUrl: 'imap://a:geheim@127.0.0.1:1' }).catch(String)
    expect(away).toBe('Error: The mailbox for bounces cannot be read: ECONNREFUSED')
  })

  test('does nothing where there is none', async () => {
    expect(await readBounces(null)).toEqual({ read: 0, bounced: 0 })
  })
})

describe('the webhook for bounces', () => {
  const secret = mailSettings.MAIL_WEBHOOK_SECRET
  const post = async (body: unknown, headers: Record<string, string> = { authorization: `Bearer ${secret}` }) => {
    const answer = await fetch(`${fixture.stack.portal.url}/api/mail/bounces`, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    })
    const text = await answer.text()
    return { status: answer.status, body: text.startsWith('{') ? JSON.parse(text) : text }
  }

  test('marks bounces and complaints with the secret alone, however often they are told', async () => {
    const cy = await addInvited(fixture.rows, 'cy')
    const bounces = [
      { mailId: bo.sent.id, kind: 'bounce', status: '5.1.1' },
      { messageId: cy.sent.messageId.slice(1, -1), kind: 'complaint' },
      { mailId: crypto.randomUUID(), kind: 'bounce', status: '5.1.1' },
      { mailId: cy.waiting.id, kind: 'bounce', status: '5.1.1' },
      { mailId: bo.sent.id, kind: 'bounce', status: '4.2.2' },
    ]
    expect(await post({ bounces })).toEqual({ status: 200, body: { recorded: 2 } })
    expect(await post({ bounces })).toEqual({ status: 200, body: { recorded: 0 } })
    expect(await suppressions()).toEqual([
      { reason: 'bounced', person: bo.personId },
      { reason: 'complained', person: cy.personId },
    ])
    expect(await mailOf(cy.sent.id)).toMatchObject({ state: 'sent', bounced: true, reason: 'complained' })
    await nothingMore()
  })

  test('refuses whoever lacks the secret, and what is not what it takes, and changes nothing', async () => {
    const good = { bounces: [{ mailId: bo.sent.id, kind: 'bounce', status: '5.1.1' }] }
    expect((await post(good, {})).status).toBe(401)
    expect((await post(good, { authorization: `Bearer ${secret}x` })).status).toBe(401)
    const browser = { authorization: `Bearer ${secret}`, origin: 'https://evil.example' }
    expect((await post(good, browser)).status).toBe(403)
    expect(await post('not JSON')).toMatchObject({ status: 400, body: { error: expect.stringContaining('body') } })
    expect(await post({ bounces: [{ kind: 'bounce' }] })).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining('bounces.0') },
    })
    expect((await post({ bounces: Array(501).fill(good.bounces[0]) })).status).toBe(400)
    expect((await post({ bounces: [], more: 'x'.repeat(70_000) })).status).toBe(413)
    expect(await suppressions()).toEqual([])
    expect(await mailOf(bo.sent.id)).toMatchObject({ bounced: false })
  })
})

test('a restored database takes no bounces before its release, and lets people stop mail all the same', async () => {
  await fixture.rows(`insert into restore (found_by) values ('command')`)
  const { url } = fixture.stack.portal
  const answer = await fetch(`${url}/api/mail/bounces`, {
    method: 'POST',
    body: JSON.stringify({ bounces: [{ mailId: bo.sent.id, kind: 'bounce', status: '5.1.1' }] }),
    headers: { authorization: `Bearer ${mailSettings.MAIL_WEBHOOK_SECRET}` },
  })
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '600'])
  expect(await suppressions()).toEqual([])
  const click = await fetch(await makeUnsubscribeUrl(bo.sent.id), {
    method: 'POST',
    body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
  })
  expect(click.status).toBe(200)
  await fixture.rows('delete from restore')
  expect(await suppressions()).toEqual([{ reason: 'unsubscribed', person: bo.personId }])
})

test('a bounce of a mail to a former address suppresses that one, and not the present one', async () => {
  await fixture.rows(
    `insert into invitation_link (invitation_id, token_hash, email, expires_at, made_at)
     values ($1, 'hash', 'former@example.org', now() + interval '1 day', now() - interval '1 hour')`,
    [bo.invitationId],
  )
  mailbox.add(deliveryReport({ to: toBounceAddress(base, bo.sent.id) }))
  await readBounces({ address: base, imapUrl: mailbox.url })
  expect(await suppressions()).toHaveLength(1)
  expect(await mailOf(bo.waiting.id)).toMatchObject({ state: 'waiting' })
})
