import { describe, expect, test } from 'vitest'
import { db } from '@/lib/db'
import { resumeMail, stopAllMail } from '@/lib/mail/outbox'
import { makeStaffActor } from '@/tests/support/actors'
import { addMailing, addMails } from '@/tests/support/mails'
import { configureServer, sendInside } from '@/tests/support/send-inside'

const librarian = makeStaffActor({ role: 'manager' })
const { paused, start, send, sendBeside, states } = sendInside(librarian)

describe('a campaign', () => {
  test('is paused by ten failures in a row, and by no nine with one that went out between', async () => {
    let mails = 0
    await start({ atRecipient: () => (++mails % 10 === 0 ? 'accept' : { code: 550, text: '5.1.1 unknown' }) })
    const { campaignId, mailingId } = await addMailing(librarian.staffId)
    await addMails(1, { mailingId })
    for (let n = 0; n < 19; n++) {
      await send()
      await addMails(1, { mailingId })
      await db().mailing.update({ where: { id: mailingId }, data: { state: 'sending' } })
    }
    await send()
    expect(paused).toEqual([])
    await addMails(9, { mailingId })
    await db().mailing.update({ where: { id: mailingId }, data: { state: 'sending' } })
    mails = 1000
    await send()
    expect(paused).toEqual([])
    mails = 1000
    await addMails(1, { mailingId })
    await db().mailing.update({ where: { id: mailingId }, data: { state: 'sending' } })
    await send()
    expect(paused).toEqual([`${campaignId} failures`])
  })

  test.each([
    ['is paused', {}, { state: 'paused' as const }],
    ['is closed', {}, { state: 'closed' as const }],
    ['has a mailing that waits for its time', { startsAt: new Date(Date.now() + 600_000) }, {}],
    ['has a mailing that waits for approval', { state: 'to_be_approved' as const, startsAt: null }, {}],
    ['has a mailing to be looked at', { state: 'to_be_looked_at' as const }, {}],
    ['has a mailing that was stopped', { state: 'stopped' as const }, {}],
  ])('that %s sends nothing, and keeps nobody else from it', async (_what, mailing, campaign) => {
    const { accepted } = await start()
    const { mailingId } = await addMailing(librarian.staffId, mailing, campaign)
    await addMails(3, { mailingId })
    await addMails(1, { kind: 'test' })
    await send()
    expect(accepted).toHaveLength(1)
    expect(await states()).toEqual({ sent: 1, waiting: 3 })
  })

  test('sends no more than MAIL_PER_DAY since midnight, and other mails all the same', async () => {
    const { accepted } = await start({}, { MAIL_PER_DAY: '30' })
    const yesterday = new Date(Date.now() - 86_400_000)
    await addMails(10)
    await db().mail.updateMany({ data: { state: 'sent', sendingAt: yesterday, sentAt: yesterday } })
    const { mailingId } = await addMailing(librarian.staffId)
    await addMails(60, { mailingId })
    await Promise.all([sendBeside(), sendBeside()])
    expect(accepted).toHaveLength(30)
    await addMails(2, { kind: 'link' })
    await send()
    expect(accepted).toHaveLength(32)
  })
})

describe('the switch', () => {
  test('stops every mail, is in the history once, and lets them go on', async () => {
    const { accepted } = await start()
    await addMails(5)
    await stopAllMail(librarian, 'TEST-0001')
    await stopAllMail(librarian, 'TEST-0002')
    await send()
    expect(accepted).toEqual([])
    await resumeMail(librarian, 'TEST-0003')
    await send()
    expect(accepted).toHaveLength(5)
    const events = await db().auditEvent.findMany({
      where: { action: { startsWith: 'mail.' } },
      orderBy: { id: 'asc' },
    })
    expect(events.map(({ action, requestId }) => [action, requestId])).toEqual([
      ['mail.stopped', 'TEST-0001'],
      ['mail.resumed', 'TEST-0003'],
    ])
  })
})

test('mails that a process left behind are perhaps sent after five minutes, and not before', async () => {
  const { accepted } = await start()
  await addMails(2)
  const ago = (s: number) => new Date(Date.now() - s * 1_000)
  const [one, other] = await db().mail.findMany()
  await db().mail.update({ where: { id: one?.id }, data: { state: 'sending', sendingAt: ago(310) } })
  await db().mail.update({ where: { id: other?.id }, data: { state: 'sending', sendingAt: ago(200) } })
  await send()
  expect(await states()).toEqual({ perhaps_sent: 1, sending: 1 })
  expect(accepted).toEqual([])
})

test('nothing is sent, and nothing lost, where no mail server is configured', async () => {
  configureServer('', { MAIL_FROM: '' })
  await addMails(1)
  await send()
  expect(await states()).toEqual({ waiting: 1 })
})
