import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { db } from '@/lib/db'
import type { PreparedMail, PrepareMail } from '@/lib/mail/mail'
import { makeStaffActor } from '@/tests/support/actors'
import { addMailing, addMails, prepareShort } from '@/tests/support/mails'
import { makeSelfSigned } from '@/tests/support/self-signed'
import { configureServer, sendInside } from '@/tests/support/send-inside'

const librarian = makeStaffActor({ role: 'manager' })
const { paused, start, send, sendBeside, states, letWaitingBeDue } = sendInside(librarian)

describe('a mail', () => {
  test('has what mail programs look for: its own id, who sent it by a machine, and how to unsubscribe', async () => {
    const { accepted } = await start({}, { MAIL_BOUNCE_ADDRESS: 'bounces@example.org' })
    await addMails(1)
    const url = 'https://concord.example.org/unsubscribe/abc?x=1'
    await send(async () => ({
      to: { name: 'Zoë <b>Bold</b>\r\nBcc: all@example.org', address: 'mail1@example.org' },
      subject: 'Für Zoë\r\nBcc: all@example.org',
      html: '<p>Hello</p>',
      text: 'Hello',
      unsubscribeUrl: url,
    }))
    const mail = await db().mail.findFirstOrThrow()
    expect(mail).toMatchObject({
      state: 'sent',
      tries: 1,
      sentAt: expect.any(Date),
      messageId: `<${mail.id}@example.org>`,
    })
    expect(accepted).toMatchObject([
      { to: 'mail1@example.org', from: `bounces+${mail.id}@example.org`, messageId: mail.messageId },
    ])
    const raw = accepted[0]?.raw ?? ''
    for (const header of [
      'From: Library <orcid@example.org>',
      'Reply-To: orcid-help@example.org',
      'Auto-Submitted: auto-generated',
      `List-Unsubscribe: <${url}>`,
      'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
    ])
      expect(raw).toContain(`${header}\r\n`)
    expect(raw).not.toMatch(/^(Bcc|Precedence):/im)
  })

  test.each([
    ['with a line break', 'mail1@example.org\r\nRCPT TO:<all@example.org>', 'line_break'],
    ['of another script', 'mail1@bücher.example.org', 'non_ascii'],
    ['elsewhere', 'mail1@example.com', 'elsewhere'],
    ['that is not allowed at this registry', 'mail1@lib.example.org', 'not_allowed'],
  ])('to an address %s is not sent, and says why', async (_what, address, reason) => {
    const { accepted } = await start()
    await addMails(1, { address })
    await send()
    expect(await db().mail.findFirst()).toMatchObject({ state: 'suppressed', reason })
    expect(accepted).toEqual([])
  })

  test('that nobody is to get any more is left out, and one that is to wait waits', async () => {
    const { accepted } = await start()
    await addMails(2)
    const answers: PreparedMail[] = [{ suppressed: 'declined' }, { later: 3_600 }]
    await send(async () => answers.pop() as PreparedMail)
    expect(await states()).toEqual({ suppressed: 1, waiting: 1 })
    await send()
    expect(accepted).toEqual([])
  })

  test('that cannot be prepared is tried later, and the others are sent', async () => {
    const { accepted } = await start()
    await addMails(3)
    await send(async (tx, mail) => {
      if (mail.address === 'mail2@example.org') await tx.$queryRaw`select 1 / 0`
      return prepareShort(tx, mail)
    })
    expect(accepted.map(({ to }) => to).toSorted()).toEqual(['mail1@example.org', 'mail3@example.org'])
    expect(await db().mail.findFirst({ where: { state: 'waiting' } })).toMatchObject({ reason: 'error', tries: 1 })
  })

  test('that another connection took after it could not be prepared here is not sent twice', async () => {
    const { accepted } = await start({ delayMs: 500 })
    await addMails(1)
    let tries = 0
    const prepare: PrepareMail = async (tx, mail) => {
      if (tries++ > 0) return prepareShort(tx, mail)
      // The transaction ends at once, and this lane hears of it only later.
      await tx.$executeRaw`rollback`
      await sleep(400)
      throw new Error('a deadlock, say')
    }
    await Promise.all([sendBeside(prepare), sleep(200).then(() => sendBeside())])
    expect(await states()).toEqual({ sent: 1 })
    expect(accepted).toHaveLength(1)
    expect(await db().mail.findMany({ select: { tries: true, reason: true } })).toEqual([{ tries: 1, reason: null }])
  })

  test('of three hundred is sent once, though two processes send at the same time', async () => {
    const { accepted } = await start()
    await addMails(300)
    await Promise.all([sendBeside(), sendBeside()])
    expect(await states()).toEqual({ sent: 300 })
    expect(new Set(accepted.map(({ messageId }) => messageId)).size).toBe(300)
    expect(accepted).toHaveLength(300)
  })

  test('that is enqueued while others are sent does not wait for the next minute', async () => {
    await start({ delayMs: 500 })
    await addMails(1)
    await db().$executeRaw`delete from graphile_worker._private_jobs`
    const first = send()
    await expect.poll(states).toEqual({ sending: 1 })
    await send()
    await first
    expect(await states()).toEqual({ sent: 1 })
    expect(await db().$queryRaw`select task_identifier as task from graphile_worker.jobs`).toEqual([
      { task: 'send-mail' },
    ])
  })

  test('that a round has no time for is left to the next one, at once', async () => {
    const { accepted } = await start({ delayMs: 50 })
    await addMails(60)
    await db().$executeRaw`delete from graphile_worker._private_jobs`
    await send(prepareShort, 200)
    expect(accepted.length).toBeLessThan(60)
    expect(await states()).toEqual({ sent: accepted.length, waiting: 60 - accepted.length })
    expect(await db().$queryRaw`select task_identifier as task from graphile_worker.jobs`).toEqual([
      { task: 'send-mail' },
    ])
  })

  test('is written down as sending before the server hears of it', async () => {
    const seen: unknown[] = []
    await start({
      atRecipient: async () => {
        seen.push(await db().mail.findFirst({ select: { state: true, sendingAt: true } }))
        return 'accept' as const
      },
    })
    await addMails(1)
    await send()
    expect(seen).toEqual([{ state: 'sending', sendingAt: expect.any(Date) }])
  })
})

describe('a server', () => {
  test('that refuses for good ends a mail, with its status and nothing of its sentence', async () => {
    await start({ atRecipient: () => ({ code: 550, text: '5.1.1 mail1@example.org is unknown' }) })
    await addMails(1)
    await send()
    expect(await db().mail.findFirst()).toMatchObject({ state: 'refused', reason: '5.1.1', tries: 1 })
  })

  test.each([
    ['the recipient', { atRecipient: () => ({ code: 451, text: '4.2.1 later' }) }],
    ['the whole mail', { atEnd: () => ({ code: 451, text: '4.2.1 later' }) }],
  ])(
    'that refuses %s for now gets the mail again, later each time, and in the end it counts as refused',
    async (_what, how) => {
      const { accepted } = await start(how)
      await addMails(1)
      await send()
      const first = await db().mail.findFirstOrThrow()
      expect(first).toMatchObject({ state: 'waiting', reason: '4.2.1', tries: 1 })
      expect(first.sendAfter.getTime()).toBeGreaterThan(Date.now() + 30_000)
      await send()
      expect(await db().mail.findFirst()).toMatchObject({ tries: 1 })
      await db().mail.updateMany({ data: { tries: 15, sendAfter: new Date(0) } })
      await send()
      expect(await db().mail.findFirst()).toMatchObject({ state: 'refused', tries: 16 })
      expect(accepted).toEqual([])
    },
  )

  test('that accepts and drops leaves the mail perhaps sent, and it is not sent again', async () => {
    const { accepted } = await start({ atEnd: () => 'cut' })
    await addMails(1)
    await send()
    await letWaitingBeDue()
    await send()
    expect(await states()).toEqual({ perhaps_sent: 1 })
    expect(accepted).toHaveLength(1)
  })

  test('that drops before it has the data has not got it: it is sent later, once', async () => {
    let dropped = 0
    const { accepted } = await start({ atRecipient: () => (dropped++ === 0 ? 'cut' : 'accept') })
    await addMails(1)
    await send()
    expect(await db().mail.findFirst()).toMatchObject({ state: 'waiting', reason: 'cut' })
    await letWaitingBeDue()
    await send()
    expect(await states()).toEqual({ sent: 1 })
    expect(accepted).toHaveLength(1)
  })

  test('that is slow gets no second mail on the same connection, and each one once', async () => {
    const { accepted } = await start({ delayMs: 300 })
    await addMails(10)
    await send()
    expect(await states()).toEqual({ sent: 10 })
    expect(accepted).toHaveLength(10)
  })

  test('that is away fails every mail of a campaign until that pauses; other mails wait', async () => {
    configureServer('smtp://127.0.0.1:9')
    const { campaignId, mailingId } = await addMailing(librarian.staffId)
    await addMails(30, { mailingId })
    await addMails(1, { kind: 'link' })
    await send()
    expect(new Set(paused)).toEqual(new Set([`${campaignId} failures`]))
    expect(await states()).toEqual({ waiting: 31 })
    const failed = await db().mail.count({ where: { reason: 'unreachable' } })
    // Other connections were at it when the tenth failed.
    expect(failed).toBeGreaterThanOrEqual(11)
    expect(failed).toBeLessThanOrEqual(16)
  })

  test.each([
    ['from the start', 'start', 'smtps://127.0.0.1'],
    ['after STARTTLS', 'starttls', 'smtp://127.0.0.2'],
  ] as const)('whose certificate nobody vouches for gets nothing, with TLS %s', async (_what, from, address) => {
    const { accepted, port } = await start({ tls: { ...makeSelfSigned(), from } })
    configureServer(`${address}:${port}`)
    await addMails(1)
    await send()
    expect(await db().mail.findFirst()).toMatchObject({ state: 'waiting', reason: 'tls' })
    expect(accepted).toEqual([])
  })

  test('without TLS gets nothing, unless it is on this machine', async () => {
    const { accepted, port } = await start()
    configureServer(`smtp://127.0.0.2:${port}`)
    await addMails(1)
    await send()
    expect(await db().mail.findFirst()).toMatchObject({ state: 'waiting', reason: 'tls' })
    expect(accepted).toEqual([])
  })

  test('gets nothing where it does not take the password, and the mail with the right one', async () => {
    const { accepted, url, port } = await start({ password: 'open sesame' })
    configureServer(`smtp://concord:guessed@127.0.0.1:${port}`)
    await addMails(1)
    await send()
    expect(await db().mail.findFirst()).toMatchObject({ state: 'waiting', reason: 'login' })
    configureServer(url.replace(' ', '%20'))
    await letWaitingBeDue()
    await send()
    expect(accepted).toHaveLength(1)
  })
})
