import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { system } from '@/lib/actor'
import { prepareMail } from '@/lib/campaigns/prepare'
import { env } from '@/lib/config/env'
import { db } from '@/lib/db'
import { changeSystem, stopSystem } from '@/lib/systems/commands'
import { listMySystems } from '@/lib/systems/mine'
import { allowAgain, stopForMe } from '@/lib/systems/stopping'
import { findTold, tellByMail, tellOnPage } from '@/lib/systems/telling'
import { makeSeededOrcid } from '@/prisma/seed-numbers'
import { makeResearcherActor, makeStaffActor } from '@/tests/support/actors'
import { workInOwnDatabase } from '@/tests/support/inside'
import { addSystem, completeSystem, tell } from '@/tests/support/systems'

const admin = makeStaffActor({ role: 'admin' })

Object.assign(process.env, {
  SMTP_URL: 'smtp://mailer:b6c7a1d4-not-asked@127.0.0.1:9',
  MAIL_FROM: 'Library <orcid@example.org>',
  MAIL_DOMAINS: 'example.org',
  INSTITUTION_EMAIL_DOMAINS: 'example.org',
  INSTITUTION_LANGUAGES: 'en es',
})
workInOwnDatabase(admin)
beforeAll(() => {
  // The registry is the local one.
  Object.assign(env().mail ?? {}, { allowed: ['@example.org'] })
})
beforeEach(async () => {
  await db().system.deleteMany()
  await db().mail.deleteMany()
  await db().person.deleteMany()
  await db().researcher.deleteMany()
  Object.assign(env().mail ?? {}, { perDay: 1_000 })
})

/** Connected people with an address, who allow reading. */
async function addConnected(count: number) {
  const people = []
  for (let n = 0; n < count; n++) {
    const liveScopes = ['/read-limited', 'openid']
    const { id, orcid } = await db().researcher.create({
      data: {
        orcid: makeSeededOrcid(n),
        registry: 'local',
        state: 'connected',
        liveScopes,
        liveScopesGivenAt: liveScopes.map(() => new Date()),
      },
    })
    await db().person.update({ where: { researcherId: id }, data: { email: `p${n}@example.org` } })
    people.push(makeResearcherActor({ researcherId: id, orcid }))
  }
  return people
}

const listNotices = () => db().mail.findMany({ where: { template: 'system_notice' } })
const sent = { state: 'sent', sentAt: new Date() } as const

const change = (more: Partial<Parameters<typeof changeSystem>[2]> = {}) => {
  const { operator: _operator, processorName: _name, ...facts } = completeSystem()
  return { ...facts, isSamePurpose: false, ...more }
}

describe('people who connected before a system came', () => {
  test('get one mail each, and are told when it went out and did not come back', async () => {
    await addConnected(3)
    const { id } = await addSystem(admin)
    await tellByMail()
    await tellByMail()
    expect(await listNotices()).toHaveLength(3)
    expect(await findTold(admin, id)).toMatchObject({ people: 3, told: 0, covered: 0 })
    const [first, second] = await listNotices()
    await db().mail.updateMany({ data: sent })
    await db().mail.update({ where: { id: first?.id }, data: { bouncedAt: new Date() } })
    await db().mail.update({ where: { id: second?.id }, data: { state: 'perhaps_sent' } })
    await tellByMail()
    expect(await listNotices()).toHaveLength(3)
    expect(await findTold(admin, id)).toMatchObject({ people: 3, told: 1, covered: 0, allFrom: expect.any(Date) })
    await db().systemNotice.updateMany({ where: { toldAt: { not: null } }, data: { toldAt: new Date('2020-01-01') } })
    expect(await findTold(admin, id)).toMatchObject({ told: 1, covered: 1, allFrom: null })
  })

  test('are not counted where that takes longer than a page may', async () => {
    await addConnected(1)
    const { id } = await addSystem(admin)
    await db().$transaction(
      async (tx) => {
        await tx.$executeRaw`lock table system_notice in access exclusive mode`
        expect(await findTold(admin, id)).toBe('too_many')
      },
      { timeout: 30_000 },
    )
    expect(await findTold(admin, id)).toMatchObject({ people: 1 })
  })

  test('are listed with where each stands, those who are not covered first', async () => {
    const [one, two, three] = await addConnected(3)
    if (!one || !two || !three) throw new Error('nobody')
    const { id } = await addSystem(admin)
    await tell(id, [two.researcherId], 1)
    await tell(id, [three.researcherId])
    const told = await findTold(admin, id)
    if (!told || told === 'too_many') throw new Error('not counted')
    expect(told.served.map(({ orcid, standing }) => [orcid, standing])).toEqual([
      [one.orcid, 'not_told'],
      [two.orcid, 'waits'],
      [three.orcid, 'seen'],
    ])
    expect(told).toMatchObject({ people: 3, told: 2, covered: 1, seen: 1, firstFrom: told.served[1]?.from })
  })

  test('get no mail where they are confidential, have stopped the system, or have no address', async () => {
    const [one, two, three, four] = await addConnected(4)
    const { id } = await addSystem(admin)
    const where = (of: typeof one) => ({ where: { researcherId: of?.researcherId ?? '' } })
    await db().person.update({ ...where(one), data: { confidential: true } })
    if (two) await stopForMe(two, 'stopped', id, 'test')
    await db().person.update({ ...where(three), data: { email: null } })
    await tellByMail()
    const person = await db().person.findUniqueOrThrow(where(four))
    expect((await listNotices()).map(({ personId }) => personId)).toEqual([person.id])
  })

  test('get no more mails a day than the limit', async () => {
    await addConnected(4)
    await addSystem(admin)
    Object.assign(env().mail ?? {}, { perDay: 3 })
    await tellByMail()
    await tellByMail()
    expect(await listNotices()).toHaveLength(3)
  })

  test('read in the mail what the system does, for what, from when, and where to stop it', async () => {
    await addConnected(1)
    await addSystem(admin)
    await tellByMail()
    const prepare = async () => {
      const [mail] = await listNotices()
      if (!mail) throw new Error('no mail')
      return db().$transaction((tx) => prepareMail(tx, mail))
    }
    const prepared = await prepare()
    if (!('text' in prepared)) throw new Error(JSON.stringify(prepared))
    expect(prepared.to.address).toBe('p0@example.org')
    for (const part of ['Staff pages', 'Shows your works on your staff page.', 'reads your record', '/me/systems'])
      expect(prepared.text).toContain(part)
    expect(prepared.text).not.toMatch(/[{}]/)
    const events = await db().auditEvent.findMany({ where: { action: 'use.told' } })
    expect(events.map(({ actorKind }) => actorKind)).toEqual([system.kind])
    await db().system.updateMany({ data: { stoppedAt: new Date() } })
    expect(await prepare()).toEqual({ suppressed: 'ended' })
  })

  test('are told on their page once, which their history says, and see from when it begins', async () => {
    const [ada] = await addConnected(1)
    if (!ada) throw new Error('nobody')
    const { id } = await addSystem(admin)
    await tellOnPage(ada)
    await tellOnPage(ada)
    expect(await db().auditEvent.count({ where: { researcherId: ada.researcherId, action: 'use.told' } })).toBe(1)
    const [mine] = await listMySystems(ada, 'en')
    expect(mine).toMatchObject({ systemId: id, covered: [], stop: null, moreFrom: expect.any(Date) })
    await db().systemNotice.updateMany({ data: { toldAt: new Date('2020-01-01') } })
    const [later] = await listMySystems(ada, 'en')
    expect(later).toMatchObject({ covered: ['people:read', 'events:read', 'record:read'], moreFrom: null })
  })

  test('are told again of another purpose or a new right, and not of better words', async () => {
    await addConnected(1)
    const { id } = await addSystem(admin, { rights: ['people:read'], scopes: [] })
    await tellByMail()
    await db().mail.updateMany({ data: sent })
    const now = { rights: ['people:read' as const], scopes: [] }
    const purpose = { en: 'Shows all your works on your staff page.', es: 'Muestra todos sus trabajos.' }
    await changeSystem(admin, id, change({ ...now, purpose, isSamePurpose: true }), 'test')
    await tellByMail()
    expect(await listNotices()).toHaveLength(1)
    await changeSystem(admin, id, change({ rights: ['people:read', 'record:read'], purpose }), 'test')
    await tellByMail()
    expect(await listNotices()).toHaveLength(2)
    await db().mail.updateMany({ data: sent })
    await changeSystem(admin, id, change({ purpose: { en: 'Counts your works.', es: 'Cuenta.' } }), 'test')
    await tellByMail()
    expect(await listNotices()).toHaveLength(3)
    await stopSystem(admin, id, 'test')
    await tellByMail()
    expect(await listNotices()).toHaveLength(3)
  })
})

test('a stop stays until the person allows the system again, and pausing does not weaken it', async () => {
  const [ada] = await addConnected(1)
  if (!ada) throw new Error('nobody')
  const [one, other] = [await addSystem(admin), await addSystem(admin, { name: 'Repository' })]
  const stops = async () =>
    (await db().systemStop.findMany({ orderBy: { system: { name: 'asc' } } })).map(({ kind }) => kind)
  await stopForMe(ada, 'paused', one.id, 'test')
  expect(await stops()).toEqual(['paused'])
  await stopForMe(ada, 'stopped', 'all', 'test')
  await stopForMe(ada, 'paused', one.id, 'test')
  expect(await stops()).toEqual(['stopped', 'stopped'])
  await allowAgain(ada, other.id, 'test')
  expect(await db().systemStop.findMany({ select: { systemId: true } })).toEqual([{ systemId: one.id }])
  const actions = await db().auditEvent.findMany({ where: { action: { startsWith: 'use.' } }, orderBy: { id: 'asc' } })
  const mine = actions.filter(({ researcherId }) => researcherId === ada.researcherId)
  expect(mine.map(({ action }) => action)).toEqual(['use.paused', 'use.stopped', 'use.stopped', 'use.allowed'])
})
