import { randomUUID } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import { closeCampaign } from '@/lib/campaigns/commands'
import { type Funnel, findFunnel, funnelFigures } from '@/lib/campaigns/funnel'
import { type InvitedFilters, noInvitedFilters, noKind, parseInvitedFilters } from '@/lib/campaigns/invited'
import { listInvited } from '@/lib/campaigns/people'
import { findPlan } from '@/lib/campaigns/planning'
import { findRefusals, listCampaigns } from '@/lib/campaigns/queries'
import { sendReminder } from '@/lib/campaigns/reminding'
import { runCampaigns } from '@/lib/campaigns/timetable'
import { db } from '@/lib/db'
import { personKinds } from '@/lib/people/person'
import { noDepartment } from '@/lib/researchers/schema'
import { applyRetention } from '@/lib/retention/commands'
import {
  addPeople,
  addTestMail,
  admin,
  campaignsPerFile,
  connect,
  getCampaign,
  mailingsOf,
  openFor,
  passDays,
  passWait,
  secondAdmin,
  sendAll,
} from '@/tests/support/campaigns'

campaignsPerFile()
afterEach(() => db().authorizationAttempt.deleteMany())

/** A generator of its own, so that a failure can be repeated: mulberry32. */
function makeDice(seed: number) {
  let state = seed
  return (sides: number) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides
  }
}

const departments = [null, 'Law', 'Law / Civil', 'Law / Civil / Rome', 'Physics', 'Physics 100%_ / \\', 'Phys']

/** A campaign in which each of the people has come as far as the dice say. */
async function addOutcomes(count: number, dice: (sides: number) => number): Promise<string> {
  await addPeople(count)
  const id = await openFor(count)
  const invitations = await db().invitation.findMany({
    where: { campaignId: id },
    select: { id: true, personId: true },
  })
  const researcher = await db().researcher.create({
    data: { orcid: '0000-0001-2345-6789', registry: 'local', state: 'identity_only' },
  })
  for (const { id: invitationId, personId } of invitations) {
    const department = departments[dice(departments.length)] ?? null
    const kind = [...personKinds, null][dice(4)] ?? null
    await db().person.update({ where: { id: personId }, data: { department, kind } })
    if (dice(3) === 0) await connect(personId, dice(2) ? ['openid', '/read-limited'] : ['openid'])
    if (dice(4) === 0)
      await db().person.update({ where: { id: personId }, data: { connection: 'withdrawn', liveScopes: [] } })
    if (dice(20) === 0) await db().person.update({ where: { id: personId }, data: { confidential: true } })
    if (dice(3) === 0) await db().invitation.update({ where: { id: invitationId }, data: { failedAt: new Date() } })
    if (dice(5) === 0)
      await db().invitation.update({ where: { id: invitationId }, data: { ended: 'declined', endedAt: new Date() } })
    if (dice(4) > 0) continue
    const saved = dice(2) === 1
    await db().authorizationAttempt.create({
      data: {
        ...attempt,
        reference: randomUUID(),
        secretHash: randomUUID(),
        stateHash: randomUUID(),
        state: saved ? 'saved' : 'ended',
        outcome: saved ? 'connected' : 'denied',
        researcherId: saved ? researcher.id : null,
        campaignId: id,
        invitationId,
      },
    })
  }
  return id
}

const attempt = {
  purpose: 'connect' as const,
  registry: 'local' as const,
  clientId: 'APP-TEST',
  redirectUri: 'http://127.0.0.1/',
  locale: 'en',
  expiresAt: new Date(),
  endedAt: new Date(),
}

/** Walks the whole list. */
async function listAll(id: string, filters: Partial<InvitedFilters>) {
  const campaign = await getCampaign(id)
  const rows = []
  let cursor: InvitedFilters['cursor'] = null
  for (;;) {
    const page = await listInvited(admin, campaign, { ...noInvitedFilters, ...filters, cursor })
    rows.push(...page.rows)
    if (!page.next) return { rows, count: page.count }
    cursor = page.next
  }
}

async function expectLists(id: string, funnel: Funnel, filters: Partial<InvitedFilters>) {
  for (const figure of funnelFigures) {
    const { rows, count } = await listAll(id, { ...filters, state: figure === 'invited' ? null : figure })
    expect([filters, figure, count]).toEqual([filters, figure, funnel[figure]])
    expect(new Set(rows.map((row) => row.id)).size).toBe(funnel[figure])
    if (figure !== 'invited' && figure !== 'came_back') expect(rows.every(({ state }) => state === figure)).toBe(true)
  }
  const { invited, allowed, allowed_less, failed, not_connected, came_back } = funnel
  expect(allowed + allowed_less + failed + not_connected).toBe(invited)
  expect(came_back).toBeGreaterThanOrEqual(allowed + allowed_less)
}

describe('who is missing', () => {
  const seed = Number(process.env.SEED ?? Date.now() % 1_000_000)
  test(`each number is the length of its list, and the states are everybody once (seed ${seed})`, {
    timeout: 240_000,
  }, async () => {
    const id = await addOutcomes(130, makeDice(seed))
    const { all, units, kinds } = await findFunnel(admin, await getCampaign(id))
    expect(all.invited).toBeGreaterThan(100)
    await expectLists(id, all, {})
    for (const { path, ...funnel } of units) await expectLists(id, funnel, { department: path ?? noDepartment })
    for (const { kind, ...funnel } of kinds) await expectLists(id, funnel, { kind: kind ?? noKind })
    // Kinds are everybody once, and so are the departments at the top.
    expect(kinds.reduce((sum, { invited }) => sum + invited, 0)).toBe(all.invited)
    const top = units.filter(({ path }) => !path?.includes(' / '))
    expect(top.reduce((sum, { invited }) => sum + invited, 0)).toBe(all.invited)
    const [listed] = await listCampaigns(admin)
    expect(listed).toMatchObject({ invited: all.invited, connected: all.allowed + all.allowed_less })
  })

  test('filters are read as they are written, and what is none is ignored', () => {
    expect(parseInvitedFilters({ state: 'declined', kind: 'staff', department: 'Law', q: 'Ada' })).toEqual({
      ...noInvitedFilters,
      kind: 'staff',
      department: 'Law',
      q: 'Ada',
    })
  })
})

describe('reminding a part of the list', () => {
  const remind = async (id: string, filters: Partial<InvitedFilters>, typed?: number) => {
    const campaign = await getCampaign(id)
    const wanted = { ...noInvitedFilters, ...filters }
    const plan = await findPlan(admin, campaign, { remind: wanted })
    return {
      plan,
      refusal: await sendReminder(admin, campaign, {
        filters: wanted,
        typed: typed ?? plan?.recipients ?? null,
        requestId: 'test',
      }),
    }
  }

  test('goes to those shown who may get one, after a test mail, the number and half an hour', async () => {
    const ids = await addPeople(8)
    const id = await openFor(8)
    await passWait(id)
    await runCampaigns()
    await sendAll()
    await runCampaigns()
    await db().person.updateMany({ where: { id: { in: ids.slice(0, 5) } }, data: { department: 'Law' } })
    const law = { department: 'Law' }
    // This week everybody had one.
    expect(await remind(id, law)).toMatchObject({ plan: { shown: 5, recipients: 0 }, refusal: 'nobody' })
    await passDays(7)
    await db().mailing.updateMany({ where: { campaignId: id }, data: { confirmedAt: new Date() } })
    await connect(ids[0] ?? '', ['openid', '/read-limited'])
    await db().doNotAsk.create({ data: { personId: ids[1] ?? '', reason: 'refused' } })
    expect(await remind(id, law, 3)).toMatchObject({
      plan: { kind: 'reminder', template: 'reminder', shown: 5, recipients: 4 },
      refusal: 'wrong_number',
    })
    expect((await remind(id, law)).refusal).toBe('no_test_mail')
    await addTestMail(admin, id, 'reminder')
    expect((await remind(id, law)).refusal).toBeNull()
    expect((await remind(id, law)).refusal).toBe('changed')
    const mailing = (await mailingsOf(id)).at(-1)
    expect(mailing).toMatchObject({ step: null, state: 'first', recipients: 4, template: 'reminder' })
    await runCampaigns()
    expect(await db().mail.count({ where: { state: 'waiting' } })).toBe(0)
    // Who connects before their mail gets none, and who comes to the department is not among those chosen.
    await connect(ids[2] ?? '', ['openid', '/read-limited'])
    await db().person.updateMany({ where: { id: ids[6] ?? '' }, data: { department: 'Law' } })
    await passWait(id)
    await runCampaigns()
    expect(await sendAll()).toEqual(['p3', 'p4'])
    expect(
      await db().mail.findMany({ where: { state: 'withheld' }, select: { person: { select: { localId: true } } } }),
    ).toEqual([{ person: { localId: 'p1' } }])
  })

  test('needs a second administrator above 500, and is not there while nothing can be sent', async () => {
    await addPeople(510)
    const id = await openFor(510)
    await db().mailing.updateMany({ data: { state: 'done' } })
    await db().invitation.updateMany({ data: { step: 1, times: 1, lastMailAt: new Date(0) } })
    await addTestMail(admin, id, 'reminder')
    expect((await remind(id, {})).refusal).toBeNull()
    expect((await mailingsOf(id)).at(-1)).toMatchObject({ state: 'to_be_approved', confirmedById: admin.staffId })
    expect(secondAdmin.staffId).not.toBe(admin.staffId)
    await closeCampaign(admin, id)
    expect(await remind(id, {})).toEqual({ plan: null, refusal: 'changed' })
  })
})

describe('90 days after it closed', () => {
  test('a campaign knows nobody any more, and keeps its numbers without groups of fewer than ten', async () => {
    const ids = await addPeople(40)
    const id = await openFor(40)
    const put = (from: number, to: number, data: { department?: string; kind?: 'staff' | 'student' }) =>
      db().person.updateMany({ where: { id: { in: ids.slice(from, to) } }, data })
    await put(0, 25, { department: 'Law' })
    await put(25, 33, { department: 'Physics' })
    await put(33, 40, { department: 'Chemistry' })
    await put(0, 9, { kind: 'student' })
    await connect(ids[0] ?? '', ['openid', '/read-limited'])
    await passWait(id)
    await runCampaigns()
    await sendAll()
    const invitation = await db().invitation.findFirstOrThrow({ where: { personId: ids[1] ?? '' } })
    await db().invitationLink.create({
      data: { invitationId: invitation.id, tokenHash: 'hash', email: 'p1@example.org', expiresAt: new Date() },
    })
    const researcher = await db().researcher.create({
      data: { orcid: '0000-0001-2345-6789', registry: 'local', state: 'identity_only' },
    })
    const { id: attemptId } = await db().authorizationAttempt.create({
      data: {
        ...attempt,
        reference: randomUUID(),
        secretHash: randomUUID(),
        stateHash: randomUUID(),
        state: 'saved',
        outcome: 'connected',
        researcherId: researcher.id,
        campaignId: id,
        invitationId: invitation.id,
      },
    })
    await db().campaign.update({ where: { id }, data: { refusals: 12 } })
    await closeCampaign(admin, id)
    const before = await findFunnel(admin, await getCampaign(id))
    const moveClock = async (days: number) => {
      const ago = `- interval '${days} days'`
      await db().$executeRawUnsafe(`update campaign set closed_at = closed_at ${ago}`)
      await db().$executeRawUnsafe(`update invitation set ended_at = ended_at ${ago}`)
      await db().$executeRawUnsafe(`update mail set made_at = made_at ${ago}`)
    }
    await moveClock(89)
    await applyRetention()
    expect(await db().invitation.count()).toBe(40)
    expect(await db().campaignFigure.count()).toBe(0)
    await moveClock(2)
    await applyRetention()
    const left = await Promise.all([
      db().invitation.count(),
      db().invitationLink.count(),
      db().mail.count({ where: { personId: { not: null } } }),
    ])
    expect(left).toEqual([0, 0, 0])
    expect(await db().authorizationAttempt.findUnique({ where: { id: attemptId } })).toMatchObject({
      campaignId: null,
      invitationId: null,
      linkId: null,
    })
    const { isKept, all, units, kinds } = await findFunnel(admin, await getCampaign(id))
    expect(isKept).toBe(true)
    expect(all).toMatchObject(before.all)
    // Eight physicists and seven chemists are too few; nine students are, and with them those beside them.
    expect(units.map(({ path, invited }) => [path, invited])).toEqual([['Law', 25]])
    expect(kinds).toEqual([])
    expect(await findRefusals(admin, id)).toBe(12)
    expect((await listCampaigns(admin))[0]).toMatchObject({ invited: 40, connected: 1 })
    await applyRetention()
    expect((await findFunnel(admin, await getCampaign(id))).all).toMatchObject(before.all)
  })
})
