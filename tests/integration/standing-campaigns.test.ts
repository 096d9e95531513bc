import { describe, expect, test } from 'vitest'
import { findAskingCampaign, findPublicLink } from '@/lib/campaigns/asking'
import { measureAudience } from '@/lib/campaigns/audience'
import type { StandingKind } from '@/lib/campaigns/campaign'
import { findCheckUp } from '@/lib/campaigns/check-up'
import { draftStandingCampaign } from '@/lib/campaigns/commands'
import { findFunnel } from '@/lib/campaigns/funnel'
import { openCampaign } from '@/lib/campaigns/opening'
import { prepareMail } from '@/lib/campaigns/prepare'
import { countCampaignNeeds } from '@/lib/campaigns/queries'
import { findMissing } from '@/lib/campaigns/readiness'
import { runCampaigns } from '@/lib/campaigns/timetable'
import { env } from '@/lib/config/env'
import { db, inTransaction } from '@/lib/db'
import { prepareInstallation } from '@/lib/installation/commands'
import { type CheckUp, describeCheckUp } from '@/lib/mail/check-up'
import { makeSeededOrcid } from '@/prisma/seed-numbers'
import {
  addPeople,
  addTestMail,
  admin,
  campaignsPerFile,
  getCampaign,
  manager,
  passDays,
  passWait,
  sendAll,
} from '@/tests/support/campaigns'
import { addId, holderOf } from '@/tests/support/people'
import { addSystem, tell } from '@/tests/support/systems'

campaignsPerFile()

const dayMs = 86_400_000
const inDays = (days: number) => new Date(Date.now() + days * dayMs)

/** Connected for so long, with permissions that end after so long. */
async function allow(personId: string | undefined, { since = 500, until = 7_000, scopes = ['/read-limited'] } = {}) {
  await db().person.update({
    where: { id: personId },
    data: {
      connection: 'connected',
      liveScopes: [...scopes, 'openid'].sort(),
      liveScopesGivenAt: [...scopes, 'openid'].map(() => inDays(-since)),
      firstConnectedAt: inDays(-since),
      expiresAt: inDays(until),
    },
  })
}

const draft = (kind: StandingKind) => draftStandingCampaign(manager, kind, 'test')

async function open(kind: StandingKind, recipients: number): Promise<string> {
  const id = await draft(kind)
  await addTestMail(admin, id, kind)
  expect(await openCampaign(admin, await getCampaign(id), { typed: recipients, requestId: 'test' })).toBeNull()
  await runCampaigns()
  return id
}

/** What goes out on a day. */
async function send(id: string): Promise<string[]> {
  await runCampaigns()
  await passWait(id)
  await runCampaigns()
  const sent = await sendAll()
  await runCampaigns()
  return sent
}

const mailsTo = (personId: string | undefined) => db().mail.count({ where: { personId, state: 'sent' } })

describe.each(['expiring', 'check_up'] as const)('the standing campaign %s', (kind) => {
  test('is a draft with everything that it needs, in every language, and needs no last day', async () => {
    const id = await draft(kind)
    const campaign = await getCampaign(id)
    expect(await findMissing(campaign, await measureAudience(campaign))).toEqual([])
    expect(campaign.texts.map(({ locale }) => locale).sort()).toEqual(['en', 'es'])
    expect(campaign).toMatchObject({ endsOn: null, steps: [{ template: kind, times: 1 }] })
    await open(kind, 0)
    expect(await countCampaignNeeds(admin)).toMatchObject({ ending: 0 })
  })

  test('has no public link', async () => {
    const id = await open(kind, 0)
    const { code } = await getCampaign(id)
    expect(await findAskingCampaign({ code }, 'en')).toBeNull()
    expect(await findPublicLink(admin, id)).toBeNull()
    expect(await findAskingCampaign({ id }, 'en')).toMatchObject({ kind })
  })

  test('asks each person once a year at most, by one mail, and whoever becomes due later', async () => {
    const [first, second] = await addPeople(2)
    await allow(first, { until: 300 })
    const id = await open(kind, 1)
    expect(await send(id)).toEqual(['p0'])
    await passDays(40)
    await allow(second, { until: 300 })
    expect(await send(id)).toEqual(['p1'])
    await passDays(300)
    expect(await send(id)).toEqual([])
    expect(await mailsTo(first)).toBe(1)
    await passDays(30)
    expect(await send(id)).toEqual(['p0'])
    await passDays(40)
    expect(await send(id)).toEqual(['p1'])
  })

  test('beside another one of its kind asks nobody twice in a year', async () => {
    const [first] = await addPeople(1)
    await allow(first, { until: 300 })
    expect(await send(await open(kind, 1))).toEqual(['p0'])
    await passDays(60)
    const again = await getCampaign(await draft(kind))
    expect(await measureAudience(again)).toMatchObject({ recipients: 0, leftOut: [{ reason: 'not_yet', count: 1 }] })
    await passDays(310)
    expect((await measureAudience(again)).recipients).toBe(1)
  })

  test('says nothing to somebody who stopped all access before their mail went', async () => {
    await prepareInstallation()
    const [first] = await addPeople(1)
    await allow(first, { until: 300 })
    const id = await open(kind, 1)
    await passWait(id)
    await runCampaigns()
    const mail = await db().mail.findFirstOrThrow({ where: { kind: 'invitation' } })
    await db().person.update({
      where: { id: first },
      data: { connection: 'withdrawn', liveScopes: [], expiresAt: null },
    })
    expect(await inTransaction((tx) => prepareMail(tx, mail))).toEqual({ suppressed: 'ended' })
  })
})

describe('permissions that end', () => {
  test('are asked for again of those alone whose permissions end within two years', async () => {
    const ids = await addPeople(4)
    await allow(ids[0], { until: 729 })
    await allow(ids[1], { until: 740 })
    await allow(ids[2], { until: 100 })
    await db().person.update({ where: { id: ids[2] }, data: { connection: 'withdrawn', withdrewAt: new Date() } })
    expect((await measureAudience(await getCampaign(await draft('expiring')))).recipients).toBe(1)
  })

  test('are asked for as each person allows them, and the invitation ends when they are given again', async () => {
    await prepareInstallation()
    const [first, second] = await addPeople(2)
    await allow(first, { until: 300 })
    await allow(second, { until: 300, scopes: ['/activities/update'] })
    const id = await open('expiring', 2)
    await passWait(id)
    await runCampaigns()
    const textOf = async (personId: string | undefined) => {
      const mail = await db().mail.findFirstOrThrow({ where: { personId, kind: 'invitation' } })
      const ready = await inTransaction((tx) => prepareMail(tx, mail))
      return 'text' in ready ? ready.text : JSON.stringify(ready)
    }
    expect(env().orcid.scopes).toEqual(expect.arrayContaining(['/read-limited', '/activities/update']))
    expect(await textOf(first)).toContain('Read what is set to')
    expect(await textOf(first)).not.toContain('Add and update')
    expect(await textOf(second)).toContain('Add and update')
    expect(await textOf(second)).not.toContain('Read what is set to')
    await allow(first, { until: 7_000 })
    expect(await db().invitation.findMany({ where: { personId: first }, select: { ended: true } })).toEqual([
      { ended: 'allowed' },
    ])
    expect((await findFunnel(admin, await getCampaign(id))).all).toMatchObject({ invited: 2, allowed: 1 })
  })
})

describe('a check-up', () => {
  test('goes to those who have been connected for a year, whatever they allow', async () => {
    const ids = await addPeople(5)
    await allow(ids[3], { since: 30 })
    await db().person.update({ where: { id: ids[3] }, data: { firstConnectedAt: inDays(-800) } })
    await allow(ids[0], { since: 366 })
    await allow(ids[1], { since: 360 })
    await allow(ids[2], { since: 700 })
    await db().person.update({ where: { id: ids[2] }, data: { connection: 'withdrawn' } })
    const campaign = await getCampaign(await draft('check_up'))
    expect(await measureAudience(campaign)).toMatchObject({ recipients: 1 })
  })

  test('does not end by a new permission, and counts as answered when it is kept', async () => {
    const [first] = await addPeople(1)
    await allow(first)
    const id = await open('check_up', 1)
    await send(id)
    await allow(first, { scopes: ['/read-limited', '/activities/update'] })
    expect(await db().invitation.count({ where: { endedAt: null } })).toBe(1)
    expect((await findFunnel(admin, await getCampaign(id))).all).toMatchObject({ allowed: 0 })
    await db().invitation.updateMany({ data: { ended: 'kept', endedAt: new Date() } })
    expect((await findFunnel(admin, await getCampaign(id))).all).toMatchObject({ allowed: 1 })
  })

  test('names the systems that used it, and those that read a list since the person connected, if they told the person', async () => {
    const researcher = await addId(makeSeededOrcid(7))
    const [researcherId, personId] = [researcher.id, await holderOf(researcher)]
    await db().person.update({ where: { id: personId }, data: { authenticatedAt: inDays(-30) } })
    const used = await addSystem(admin, { name: 'CRIS' })
    const listing = await addSystem(admin, { name: 'Identity management' })
    const untold = await addSystem(admin, { name: 'Newsletter' })
    await tell(listing.id, [researcherId])
    const usedOn = new Date(Date.now() + 1000)
    const use = { usedOn, lastAt: usedOn, right: 'people:read' }
    await db().systemUse.createMany({
      data: [
        { ...use, systemId: used.id, researcherId, right: 'record:read', times: 3 },
        { ...use, systemId: listing.id },
        { ...use, systemId: untold.id },
        { ...use, systemId: used.id, researcherId, lastAt: inDays(-400), usedOn: inDays(-400) },
      ],
    })
    const found = await findCheckUp(personId)
    const lastOn = expect.stringMatching(/^\d{4}-\d\d-\d\d$/)
    expect(found?.systems).toEqual([
      { name: 'CRIS', count: 3, lastOn },
      { name: 'Identity management', count: 0, lastOn },
    ])
    const words = describeCheckUp(found as CheckUp, 'en').flatMap(({ items }) => items.map(({ title }) => title))
    expect(words).toContain('CRIS used it. Times: 3')
    expect(words).toContain('Identity management read lists that you may have been in.')
  })
})
