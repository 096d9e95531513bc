import { describe, expect, test } from 'vitest'
import { isFinal, parseBounce, postedBounces, toBounceAddress } from '@/lib/mail/bounce'
import { deliveryReport, forwardedReport, vacationReply } from '@/tests/support/bounce-messages'

const base = 'bounces@example.org'
const mailId = '3f2b8c1e-7c1d-4a6e-9f00-0123456789ab'
const to = toBounceAddress(base, mailId)
const parse = (text: string) => parseBounce(Buffer.from(text), base)

describe('a bounce', () => {
  test('is a report that says failed with a permanent status, and names the mail by its address', async () => {
    expect(to).toBe(`bounces+${mailId}@example.org`)
    expect(await parse(deliveryReport({ to }))).toEqual({
      mailId,
      messageId: '<another@elsewhere.example>',
      kind: 'bounce',
      status: '5.1.1',
    })
    const upper = deliveryReport({ to: to.toUpperCase(), status: '5.2.2', action: 'Failed' })
    expect(await parse(upper)).toMatchObject({ mailId, status: '5.2.2' })
  })

  test('names the mail by its Message-ID where the address says nothing', async () => {
    const plain = deliveryReport({ to: base, messageId: '<mail-1@example.org>' })
    expect(await parse(plain)).toMatchObject({ mailId: null, messageId: '<mail-1@example.org>' })
    for (const other of [`bounces+${mailId}@evil.example`, 'bounces+1@example.org', `bouncez+${mailId}@example.org`])
      expect((await parse(deliveryReport({ to: other })))?.mailId, other).toBe(null)
  })

  test.each([
    ['a report of a delay', deliveryReport({ to, action: 'delayed', status: '4.4.1' })],
    ['a report of a delay with a permanent status', deliveryReport({ to, action: 'delayed', status: '5.4.1' })],
    [
      'a report in a mail that is none itself',
      deliveryReport({ to }).replace('multipart/report; report-type=delivery-status', 'multipart/mixed'),
    ],
    [
      'a receipt',
      deliveryReport({ to }).replace('report-type=delivery-status', 'report-type=disposition-notification'),
    ],
    ['a temporary failure', deliveryReport({ to, status: '4.2.2' })],
    ['a delivery', deliveryReport({ to, action: 'delivered', status: '2.0.0' })],
    ['a status that is none', deliveryReport({ to, status: '5.1.1; drop' })],
    ['an automatic reply', vacationReply(to)],
    ['a reply with X-Autoreply', vacationReply(to, ['X-Autoreply: yes', 'Precedence: auto_reply'])],
    ['a vacation that claims to be a report', vacationReply(to, ['Content-Type: multipart/report; boundary=x'])],
    ['a report that somebody forwards', forwardedReport(to)],
    ['nothing', ''],
    ['noise', '\u0000\u0001--x\r\n'.repeat(500)],
  ])('is not %s', async (_what, text) => {
    expect(await parse(text)).toBe(null)
  })

  test('is read from a message that was cut off behind its report', async () => {
    const text = deliveryReport({ to })
    expect(await parse(text.slice(0, text.indexOf('Content-Description: Undelivered')))).toMatchObject({ mailId })
  })
})

test('what a provider posts has to name a mail, and only what is permanent is final', () => {
  const parse = (bounce: object) => postedBounces.safeParse({ bounces: [bounce] }).success
  expect(parse({ mailId, kind: 'bounce', status: '5.1.1' })).toBe(true)
  expect(parse({ messageId: '<a@b>', kind: 'complaint' })).toBe(true)
  expect(parse({ kind: 'bounce', status: '5.1.1' })).toBe(false)
  expect(parse({ mailId: '1', kind: 'bounce' })).toBe(false)
  expect(postedBounces.safeParse({ bounces: Array(501).fill({ mailId, kind: 'bounce' }) }).success).toBe(false)
  expect(isFinal({ kind: 'bounce', status: '4.2.2' })).toBe(false)
  expect(isFinal({ kind: 'bounce', status: null })).toBe(false)
  expect(isFinal({ kind: 'complaint', status: null })).toBe(true)
})
