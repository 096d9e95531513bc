import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { db } from '@/lib/db'
import { allowAgain, stopForMe } from '@/lib/systems/stopping'
import { changeSecret, replayFrom, saveWebhook, sendAgain, sendTest, switchWebhook } from '@/lib/webhooks/commands'
import { sendEvents } from '@/lib/webhooks/sending'
import { makeSeededOrcid } from '@/prisma/seed-numbers'
import { makeResearcherActor } from '@/tests/support/actors'
import { connectSomebody } from '@/tests/support/api'
import { peoplePerFile } from '@/tests/support/people'
import { addSystem, tell } from '@/tests/support/systems'
import { type Receiver, startReceiver } from '@/tests/support/webhook-receiver'

const fixture = peoplePerFile()
let receiver: Receiver
let systemId: string

beforeAll(async () => {
  receiver = await startReceiver()
})
afterAll(() => receiver.close())

const post = () => ({ ca: receiver.cert, allowed: ['127.0.0.0/8'], resolve: async () => ['127.0.0.1'] })
const send = () => sendEvents({ post: post() })
const typesOf = (person: string) => receiver.received.flatMap((event) => (event.person === person ? event.type : []))
const change = (id: string, data: object) => db().researcher.update({ where: { id }, data, select: { id: true } })
const given = {
  state: 'connected',
  liveScopes: ['/read-limited', 'openid'],
  liveScopesGivenAt: [new Date(), new Date()],
} as const
const withdrawn = { state: 'withdrawn', liveScopes: [], liveScopesGivenAt: [] } as const
/** As if the time of the next try had come. */
const letTimePass = () => db().delivery.updateMany({ data: { nextAt: new Date(0), leasedUntil: null } })

let count = 0
async function addCovered() {
  const somebody = await connectSomebody(makeSeededOrcid(500 + count++))
  await tell(systemId, [somebody.researcherId])
  return somebody
}

beforeEach(async () => {
  await db().system.deleteMany()
  const system = await addSystem(fixture.manager)
  systemId = system.id
  receiver.state.secret = (await saveWebhook(fixture.manager, systemId, receiver.url, 'test')) ?? ''
  receiver.state.answer = null
  for (const list of [receiver.received, receiver.refused, receiver.bodies]) list.length = 0
})

describe('events', () => {
  test('tell how it goes on with a person, in order, verified by the Standard Webhooks library', async () => {
    const { id, researcherId } = await addCovered()
    await send()
    await change(researcherId, { liveScopes: ['openid'], liveScopesGivenAt: [new Date()] })
    await change(researcherId, withdrawn)
    await change(researcherId, given)
    await send()
    await change(researcherId, { finding: 'being_checked' })
    await send()
    await db().person.update({ where: { id }, data: { state: 'left' } })
    await send()
    expect(receiver.refused).toEqual([])
    expect(typesOf(id)).toEqual([
      'connection.created',
      'connection.changed',
      'connection.withdrawn',
      'connection.created',
      'permission.paused',
      'person.left',
    ])
  })

  test('contain no name and no iD', async () => {
    const { id } = await addCovered()
    await send()
    expect(JSON.parse(receiver.bodies[0] ?? '')).toEqual({
      type: 'connection.created',
      timestamp: expect.any(String),
      data: { person: id, position: expect.any(Number) },
    })
  })

  test('after a stop nothing but the pause is told, and after it was allowed again it resumes', async () => {
    const { id, researcherId, orcid } = await addCovered()
    await send()
    const researcher = makeResearcherActor({ researcherId, orcid })
    await stopForMe(researcher, 'paused', systemId, 'test')
    await change(researcherId, withdrawn)
    await change(researcherId, given)
    await db().person.update({ where: { id }, data: { department: 'Law' } })
    await send()
    expect(typesOf(id)).toEqual(['connection.created', 'permission.paused'])
    await allowAgain(researcher, systemId, 'test')
    await send()
    expect(typesOf(id)).toEqual(['connection.created', 'permission.paused', 'permission.resumed'])
  })

  test('of somebody whom the system may not use, nothing leaves', async () => {
    const { researcherId } = await connectSomebody(makeSeededOrcid(400))
    await change(researcherId, withdrawn)
    await db().researcher.delete({ where: { id: researcherId } })
    await send()
    expect(receiver.received).toEqual([])
  })
})

describe('a receiver that fails', () => {
  test('gets the same event again later, and what follows for this person waits for it', async () => {
    const { id, researcherId } = await addCovered()
    receiver.state.answer = (response) => response.writeHead(503).end()
    await send()
    await change(researcherId, { liveScopesGivenAt: [new Date(), new Date()] })
    await send()
    expect(receiver.bodies).toHaveLength(1)
    receiver.state.answer = null
    await letTimePass()
    await send()
    expect(typesOf(id)).toEqual(['connection.created', 'connection.changed'])
  })

  test('is switched off after three days, and goes on where it stopped', async () => {
    const { id } = await addCovered()
    receiver.state.answer = (response) => response.writeHead(500).end()
    await send()
    await db().delivery.updateMany({
      data: { firstTriedAt: new Date(Date.now() - 4 * 86_400_000), nextAt: new Date(0) },
    })
    await send()
    expect(await db().webhook.findFirst()).toMatchObject({ state: 'failed' })
    receiver.state.answer = null
    await letTimePass()
    await send()
    expect(receiver.received).toEqual([])
    await switchWebhook(fixture.manager, systemId, 'on', 'test')
    await send()
    expect(typesOf(id)).toEqual(['connection.created'])
  })

  test('a process that dies while it sends leaves the event to another', async () => {
    const { id } = await addCovered()
    await send()
    await db().delivery.updateMany({ data: { state: 'waiting', leasedUntil: new Date(Date.now() + 30_000) } })
    await send()
    expect(typesOf(id)).toHaveLength(1)
    await letTimePass()
    await send()
    expect(typesOf(id)).toHaveLength(2)
    expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(1)
  })
})

test('a test, a delivery and all since a position can be sent again, with the same ids', async () => {
  const { id } = await addCovered()
  await sendTest(fixture.manager, systemId, 'test')
  await send()
  expect(receiver.received.map(({ type }) => type).sort()).toEqual(['connection.created', 'webhook.test'])
  const { id: deliveryId } = await db().delivery.findFirstOrThrow({ where: { personId: id } })
  await sendAgain(fixture.manager, { systemId, deliveryId }, 'test')
  await send()
  expect(await replayFrom(fixture.manager, { systemId, position: 0 }, 'test')).toBe(1)
  await send()
  const ids = receiver.received.flatMap((event) => (event.person ? event.id : []))
  expect(ids).toHaveLength(3)
  expect(new Set(ids).size).toBe(1)
})

test('while a secret is changed, both sign', async () => {
  const secret = await changeSecret(fixture.manager, systemId, 'test')
  await sendTest(fixture.manager, systemId, 'test')
  await send()
  expect(receiver.received).toHaveLength(1)
  receiver.state.secret = secret ?? ''
  await sendTest(fixture.manager, systemId, 'test')
  await send()
  expect(receiver.received).toHaveLength(2)
})

test('a secret that was lost with its key sends nothing unsigned, and events go on with a new one', async () => {
  const { id } = await addCovered()
  await db().webhook.update({ where: { systemId }, data: { sealedSecret: null }, select: { id: true } })
  await send()
  expect([receiver.received, receiver.refused]).toEqual([[], []])
  receiver.state.secret = (await changeSecret(fixture.manager, systemId, 'test')) ?? ''
  await send()
  expect(typesOf(id)).toEqual(['connection.created'])
})
