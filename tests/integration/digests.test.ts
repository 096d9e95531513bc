import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { env } from '@/lib/config/env'
import { db, inTransaction } from '@/lib/db'
import { prepareStaffNotice } from '@/lib/mail/staff-notice'
import { stopSystem } from '@/lib/systems/commands'
import { stopForMe } from '@/lib/systems/stopping'
import { saveWebhook, sendAgain, sendTest, switchWebhook } from '@/lib/webhooks/commands'
import { prepareDigest, sendDigests } from '@/lib/webhooks/digest'
import { countFailingWebhooks } from '@/lib/webhooks/queries'
import { digestUrl } from '@/lib/webhooks/schema'
import { sendEvents } from '@/lib/webhooks/sending'
import { makeSeededOrcid } from '@/prisma/seed-numbers'
import { makeResearcherActor } from '@/tests/support/actors'
import { connectSomebody } from '@/tests/support/api'
import { mailEnv } from '@/tests/support/mail-env'
import { peoplePerFile } from '@/tests/support/people'
import { addSystem, tell } from '@/tests/support/systems'
import { type Receiver, startReceiver } from '@/tests/support/webhook-receiver'

Object.assign(process.env, mailEnv('smtp://127.0.0.1:9'))
const fixture = peoplePerFile()
const address = 'staff-pages@example.org'
let receiver: Receiver
let systemId: string

beforeAll(async () => {
  receiver = await startReceiver()
  // The registry is the local one.
  Object.assign(env().mail ?? {}, { allowed: ['@example.org'] })
})
afterAll(() => receiver.close())

beforeEach(async () => {
  await db().system.deleteMany()
  await db().mail.deleteMany()
  await db().person.deleteMany()
  await db().researcher.deleteMany()
  systemId = (await addSystem(fixture.manager)).id
})

const save = (url: string) => saveWebhook(fixture.manager, systemId, url, 'test')
const post = () => ({ ca: receiver.cert, allowed: ['127.0.0.0/8'], resolve: async () => ['127.0.0.1'] })
const send = () => sendEvents({ post: post() })
const listMails = () => db().mail.findMany({ orderBy: { id: 'asc' } })
const prepare = async (mailId?: string) => {
  const mail = await db().mail.findFirstOrThrow({ where: { id: mailId }, orderBy: { id: 'desc' } })
  return inTransaction((tx) => prepareDigest(tx, mail))
}
const states = async () => (await db().delivery.findMany({ orderBy: { id: 'asc' } })).map(({ state }) => state)

async function addCovered(n: number, name: string) {
  const somebody = await connectSomebody(makeSeededOrcid(600 + n), name)
  await tell(systemId, [somebody.researcherId])
  return somebody
}

describe('a daily digest', () => {
  beforeEach(() => save(`mailto:${address}`))

  test('says once a day how often each thing happened and where to read it, and has no name and no iD', async () => {
    const [anna, ben] = [await addCovered(1, 'Anna Müller'), await addCovered(2, 'Ben Ali')]
    await send()
    await sendDigests(24)
    expect(await listMails()).toEqual([])
    await sendDigests(0)
    await addCovered(3, 'Cleo Sarr')
    await send()
    await sendDigests(0)
    expect(await listMails()).toMatchObject([{ template: 'digest', address, personId: null }])
    const ready = await prepare()
    if (!('text' in ready)) throw new Error('Nothing is sent')
    const { subject, text, html, to } = ready
    expect([to.address, subject]).toEqual([address, 'Staff pages: what changed'])
    for (const words of [text, html]) {
      expect(words).toContain('Connected, or may be used from now on: 2')
      for (const { id } of [anna, ben]) expect(words).toContain(`/api/v1/people/${id}`)
      expect(words).toContain('/api/v1/people/changes')
      for (const hidden of ['Müller', 'Ben', anna.orcid, ben.orcid, 'list of people'])
        expect(words).not.toContain(hidden)
    }
    expect(await states()).toEqual(['delivered', 'delivered', 'waiting'])
    expect(await db().systemUse.count({ where: { right: 'events:read' } })).toBe(2)
  })

  test('leaves out who stopped the system before it went, but for the pause, as a webhook does', async () => {
    const { id, researcherId, orcid } = await addCovered(1, 'Anna Müller')
    await send()
    await sendDigests(0)
    const [first] = await listMails()
    await stopForMe(makeResearcherActor({ researcherId, orcid }), 'stopped', systemId, 'test')
    expect(await prepare(first?.id)).toEqual({ suppressed: 'ended' })
    await send()
    await fixture.rows('update webhook set digest_on = null')
    await sendDigests(0)
    const second = (await listMails()).find((mail) => mail.id !== first?.id)
    const ready = await prepare(second?.id)
    const list = 'text' in ready ? ready.text.split('\n').filter((line) => /^\* |people\/[0-9a-f-]{36}/.test(line)) : []
    expect(list).toEqual(['* May not be used now: 1', expect.stringContaining(`/people/${id}`)])
  })

  test('that is tried again is the same, and one that was switched off goes with the next', async () => {
    await addCovered(1, 'Anna Müller')
    await send()
    await sendDigests(0)
    const [mail] = await listMails()
    await switchWebhook(fixture.manager, systemId, 'off', 'test')
    expect(await prepare(mail?.id)).toEqual({ suppressed: 'ended' })
    expect(await states()).toEqual(['waiting'])
    await switchWebhook(fixture.manager, systemId, 'on', 'test')
    const next = (await listMails()).find(({ id }) => id !== mail?.id)
    const ready = await prepare(next?.id)
    expect(ready).toMatchObject({ to: { address } })
    expect(await prepare(next?.id)).toEqual(ready)
    expect(await db().systemUse.findMany()).toMatchObject([{ times: 1 }])
  })

  test('is sent at once as a test, and again when somebody asks', async () => {
    await sendTest(fixture.manager, systemId, 'test')
    expect(await prepare()).toMatchObject({ text: expect.stringContaining('A test, about nobody: 1') })
    const { id: deliveryId } = await db().delivery.findFirstOrThrow()
    await sendAgain(fixture.manager, { systemId, deliveryId }, 'test')
    expect(await listMails()).toHaveLength(2)
  })

  test('does not deliver a test that waits for the webhook before it', async () => {
    await save(receiver.url)
    receiver.state.answer = (response) => response.writeHead(503).end()
    await sendTest(fixture.manager, systemId, 'test')
    await send()
    receiver.state.answer = null
    expect(await states()).toEqual(['waiting'])
    await save(`mailto:${address}`)
    expect(await states()).toEqual(['given_up'])
    await switchWebhook(fixture.manager, systemId, 'off', 'test')
    await switchWebhook(fixture.manager, systemId, 'on', 'test')
    await sendDigests(0)
    expect([await states(), await listMails()]).toEqual([['given_up'], []])
  })

  test('goes only to an address to which this portal sends mail, and a webhook can take its place', async () => {
    for (const text of ['nobody', 'a@example.com', 'a@example.org, b@example.org'])
      expect(digestUrl.safeParse(text).success, text).toBe(false)
    expect(digestUrl.parse(` ${address} `)).toBe(`mailto:${address}`)
    await addCovered(1, 'Anna Müller')
    receiver.state.secret = (await save(receiver.url)) ?? ''
    await send()
    expect(receiver.received.map(({ type }) => type)).toEqual(['connection.created'])
  })
})

describe('a webhook that fails', () => {
  const letPass = (hours: number) =>
    fixture.rows(`update delivery set first_tried_at = now() - make_interval(hours => $1), next_at = now()`, [hours])

  beforeEach(async () => {
    const { id, orcid } = await connectSomebody(makeSeededOrcid(609))
    await db().person.update({ where: { id }, data: { email: 'admin@example.org' } })
    const admin = { orcid, role: 'admin', origin: 'test' } as const
    await db().staffMember.upsert({ where: { orcid }, create: admin, update: {} })
    await save(receiver.url)
    receiver.state.answer = (response) => response.writeHead(500).end()
    await sendTest(fixture.manager, systemId, 'test')
    await send()
  })

  test('needs somebody after an hour, or once it was switched off, unless the system is stopped', async () => {
    expect(await countFailingWebhooks()).toMatchObject({ count: 0, href: '/staff/systems' })
    await letPass(2)
    const page = `/staff/systems/${systemId}/events`
    expect(await countFailingWebhooks()).toMatchObject({ count: 1, newestAt: expect.any(Date), href: page })
    await letPass(73)
    await send()
    expect(await db().webhook.findFirst()).toMatchObject({ state: 'failed' })
    expect(await countFailingWebhooks()).toMatchObject({ count: 1, href: page })
    await switchWebhook(fixture.manager, systemId, 'on', 'test')
    expect((await countFailingWebhooks()).count).toBe(0)
    await letPass(2)
    await stopSystem(fixture.manager, systemId, 'test')
    expect((await countFailingWebhooks()).count).toBe(0)
  })

  test('is switched off with a mail to the contact and to administrators that leads to its page', async () => {
    await letPass(73)
    await send()
    const mails = await listMails()
    expect(mails.map((mail) => [mail.address, mail.template]).sort()).toEqual([
      ['admin@example.org', 'webhook_off'],
      [address, 'webhook_off'],
    ])
    for (const mail of mails) {
      const ready = await prepareStaffNotice(mail)
      if (!('text' in ready)) throw new Error('Nothing is sent')
      expect(ready.subject).toBe('Staff pages: events are no longer sent')
      expect(ready.text).toContain(`\n${env().origin}/staff/systems/${systemId}/events\n`)
      expect(ready.html).toContain(`/staff/systems/${systemId}/events`)
    }
  })
})
