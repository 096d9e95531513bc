import { describe, expect, test } from 'vitest'
import { closeCampaign } from '@/lib/campaigns/commands'
import { makeLink } from '@/lib/campaigns/links'
import {
  approveMailing,
  confirmCorrection,
  continueMailing,
  findMailing,
  mayApprove,
  stopMailing,
  takeBackMailing,
} from '@/lib/campaigns/mailings'
import { openCampaign, sendStep } from '@/lib/campaigns/opening'
import { countCampaignNeeds } from '@/lib/campaigns/queries'
import { runCampaigns } from '@/lib/campaigns/timetable'
import { db, inTransaction } from '@/lib/db'
import {
  addDraft,
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

const lastOf = async (campaignId: string) => {
  const mailing = (await mailingsOf(campaignId)).at(-1)
  if (!mailing) throw new Error('no mailing')
  return mailing
}
const asked = async (campaignId: string) => ({ id: (await lastOf(campaignId)).id, requestId: 'test' })
const waiting = () => db().mail.count({ where: { state: 'waiting' } })

describe('a mailing', () => {
  test('waits 30 minutes, sends 50, and goes on once somebody has looked', async () => {
    await addPeople(120)
    const id = await openFor(120)
    expect(await lastOf(id)).toMatchObject({ state: 'first', recipients: 120 })
    await runCampaigns()
    expect(await waiting()).toBe(0)
    await passWait(id)
    await runCampaigns()
    expect(await waiting()).toBe(50)
    await runCampaigns()
    expect(await waiting()).toBe(50)
    await sendAll()
    await runCampaigns()
    expect((await lastOf(id)).state).toBe('to_be_looked_at')
    expect(await countCampaignNeeds(admin)).toMatchObject({ look: 1 })
    await runCampaigns()
    expect(await waiting()).toBe(0)
    expect(await continueMailing(admin, await asked(id))).toBe(true)
    await runCampaigns()
    expect(await waiting()).toBe(70)
    await sendAll()
    await runCampaigns()
    await runCampaigns()
    expect((await lastOf(id)).state).toBe('done')
    const twice = await db().mail.groupBy({
      by: ['personId'],
      _count: true,
      having: { personId: { _count: { gt: 1 } } },
    })
    expect(twice).toEqual([])
  })

  test('to few people ends without a look, and one after the number that was typed', async () => {
    await addPeople(3)
    const id = await openFor(3)
    await passWait(id)
    await runCampaigns()
    await sendAll()
    await runCampaigns()
    expect(await lastOf(id)).toMatchObject({ state: 'done', recipients: 3 })
  })

  test('of which more than 5 % and at least 5 mails come back needs somebody, until it is stopped', async () => {
    await addPeople(120)
    const id = await openFor(120)
    await passWait(id)
    await runCampaigns()
    await sendAll()
    const { id: mailingId } = await lastOf(id)
    const back = async (count: number, data: { bouncedAt: Date } | { state: 'refused' }) => {
      const mails = await db().mail.findMany({ where: { mailingId, bouncedAt: null, state: 'sent' }, take: count })
      await db().mail.updateMany({ where: { id: { in: mails.map((mail) => mail.id) } }, data })
    }
    const bouncedAt = new Date()
    await back(4, { bouncedAt })
    expect(await countCampaignNeeds(admin)).toMatchObject({ bouncing: 0, bouncingIn: null })
    await back(1, { state: 'refused' })
    expect(await countCampaignNeeds(admin)).toMatchObject({ bouncing: 1, bouncingIn: id, bouncedAt })
    const many = Array.from({ length: 60 }, (_, n) => ({
      kind: 'invitation' as const,
      state: 'sent' as const,
      messageId: `<many-${n}@example.org>`,
      template: 'invitation',
      locale: 'en',
      mailingId: '',
    }))
    await db().mail.createMany({ data: many.map((mail) => ({ ...mail, mailingId })) })
    expect(await countCampaignNeeds(admin)).toMatchObject({ bouncing: 0 })
    await back(2, { bouncedAt })
    expect(await countCampaignNeeds(admin)).toMatchObject({ bouncing: 1 })
    await stopMailing(admin, await asked(id))
    expect(await countCampaignNeeds(admin)).toMatchObject({ bouncing: 0 })
  })

  test('does not begin before the first day of the campaign', async () => {
    await addPeople(1)
    const id = await openFor(1, { startsOn: '2990-01-01' })
    expect((await lastOf(id)).startsAt?.getTime()).toBeGreaterThan(new Date('2989-12-30').getTime())
  })

  test('above 500 recipients waits for a second administrator, and half an hour after that', async () => {
    await addPeople(501)
    const id = await openFor(501)
    expect(await lastOf(id)).toMatchObject({ state: 'to_be_approved', startsAt: null })
    expect(await countCampaignNeeds(admin)).toMatchObject({ approve: 1 })
    expect(await mayApprove(admin, await lastOf(id))).toBe('another')
    expect(await approveMailing(admin, await asked(id))).toBe(false)
    expect(await approveMailing(secondAdmin, await asked(id))).toBe(true)
    const { state, startsAt, approvedById } = await lastOf(id)
    expect([state, approvedById]).toEqual(['first', secondAdmin.staffId])
    expect(startsAt?.getTime()).toBeGreaterThan(Date.now() + 29 * 60_000)
    expect(await approveMailing(secondAdmin, await asked(id))).toBe(false)
  })

  test('above 500, where there is one administrator, the same one agrees an hour later', async () => {
    await addPeople(501)
    const id = await openFor(501)
    const away = { where: { id: secondAdmin.staffId } }
    await db().staffMember.update({ ...away, data: { endedAt: new Date() } })
    try {
      expect(await mayApprove(admin, await lastOf(id))).toBe('later')
      expect(await approveMailing(admin, await asked(id))).toBe(false)
      await db().mailing.updateMany({ data: { confirmedAt: new Date(Date.now() - 61 * 60_000) } })
      expect(await approveMailing(admin, await asked(id))).toBe(true)
    } finally {
      await db().staffMember.update({ ...away, data: { endedAt: null } })
    }
  })

  test('stopped, sends nothing more, and its step waits for somebody', async () => {
    await addPeople(60)
    const id = await openFor(60)
    await passWait(id)
    await runCampaigns()
    expect(await stopMailing(admin, await asked(id))).toBe(true)
    expect(await db().mail.count({ where: { state: 'suppressed', reason: 'stopped' } })).toBe(50)
    await passDays(10)
    await runCampaigns()
    expect(await mailingsOf(id)).toHaveLength(1)
    expect(await sendStep(admin, await getCampaign(id), { place: 1, typed: 59, requestId: 'test' })).toBe(
      'wrong_number',
    )
    await db().campaign.update({ where: { id }, data: { changedAt: new Date() } })
    const again = { place: 1, typed: 60, requestId: 'test' }
    expect(await sendStep(admin, await getCampaign(id), again)).toBe('no_test_mail')
    await addTestMail(admin, id)
    expect(await sendStep(admin, await getCampaign(id), again)).toBeNull()
    expect(await lastOf(id)).toMatchObject({ state: 'first', recipients: 60 })
    expect(await sendStep(admin, await getCampaign(id), again)).toBe('changed')
  })

  test('leaves out whoever connects, leaves or asks for peace before their mail', async () => {
    const ids = await addPeople(5)
    const id = await openFor(5)
    await passWait(id)
    await connect(ids[0] ?? '', ['openid', '/read-limited'])
    await db().person.update({ where: { id: ids[1] ?? '' }, data: { state: 'left' } })
    await db().doNotAsk.create({ data: { personId: ids[2] ?? '', reason: 'asked' } })
    await runCampaigns()
    expect(await sendAll()).toEqual(['p3', 'p4'])
  })

  test('nobody gets two mails in a week, over all campaigns', async () => {
    await addPeople(2)
    const first = await openFor(2)
    await passWait(first)
    await runCampaigns()
    await sendAll()
    await addPeople(1)
    const second = await openFor(1)
    await passWait(second)
    await runCampaigns()
    expect(await sendAll()).toEqual(['p2'])
    await passDays(7)
    await closeCampaign(admin, first)
    await runCampaigns()
    await passWait(second)
    await runCampaigns()
    expect(await sendAll()).toEqual(['p0', 'p1'])
  })
})

describe('taking a step back', () => {
  test('revokes its links, leaves out what waits, and prepares a correction to those who got it', async () => {
    await addPeople(60)
    const id = await openFor(60)
    await passWait(id)
    await runCampaigns()
    const invitations = await db().invitation.findMany({ where: { mails: { some: {} } }, select: { id: true } })
    await inTransaction(async (tx) => {
      for (const each of invitations.slice(0, 3)) await makeLink(tx, { invitationId: each.id, email: 'p@example.org' })
    })
    const [sent] = await db().mail.findMany({ where: { state: 'waiting' }, take: 1 })
    await db().mail.update({
      where: { id: sent?.id ?? '' },
      data: { state: 'sent', sentAt: new Date(), sendingAt: new Date() },
    })
    expect(await takeBackMailing(admin, await asked(id))).toBe(true)
    expect(await db().invitationLink.count({ where: { revokedAt: null } })).toBe(0)
    expect(await db().mail.count({ where: { reason: 'taken_back' } })).toBe(49)
    const correction = await db().mailing.findFirstOrThrow({ where: { correctsId: { not: null } } })
    expect(correction).toMatchObject({ state: 'to_be_approved', recipients: 1, template: 'correction' })
    expect(await mayApprove(secondAdmin, correction)).toBe('no')

    // Nothing of the campaign goes out by itself meanwhile.
    await passDays(30)
    await runCampaigns()
    expect(await waiting()).toBe(0)
    const confirmed = { id: correction.id, typed: 1, requestId: 'test' }
    expect(await confirmCorrection(admin, await getCampaign(id), { ...confirmed, typed: 2 })).toBe('wrong_number')
    expect(await confirmCorrection(admin, await getCampaign(id), confirmed)).toBe('no_test_mail')
    await db().campaign.update({ where: { id }, data: { changedAt: new Date(Date.now() - 60 * 86_400_000) } })
    await addTestMail(admin, id, 'correction')
    expect(await confirmCorrection(admin, await getCampaign(id), confirmed)).toBeNull()
    await passWait(id)
    await runCampaigns()
    const mails = await db().mail.findMany({ where: { state: 'waiting' } })
    expect(mails.map(({ kind, personId }) => [kind, personId])).toEqual([['correction', sent?.personId]])
    expect((await findMailing(correction.id))?.state).toBe('first')
  })

  test('a step that was taken back counts as not sent', async () => {
    await addPeople(1)
    const id = await openFor(1)
    await passWait(id)
    await runCampaigns()
    await sendAll()
    await runCampaigns()
    expect(await db().invitation.findFirst()).toMatchObject({ step: 1, times: 1 })
    const [first] = await mailingsOf(id)
    expect(await takeBackMailing(admin, { id: first?.id ?? '', requestId: 'test' })).toBe(true)
    expect(await db().invitation.findFirst()).toMatchObject({ step: 0, times: 0 })
    await runCampaigns()
    expect(await db().invitation.findFirst()).toMatchObject({ step: 0 })
  })
})

test('two who open at once open it once', async () => {
  await addPeople(2)
  const id = await addDraft()
  await addTestMail(admin, id)
  const campaign = await getCampaign(id)
  const results = await Promise.all([
    openCampaign(admin, campaign, { typed: 2, requestId: 'test' }),
    openCampaign(admin, campaign, { typed: 2, requestId: 'test' }),
  ])
  expect(results.toSorted()).toEqual(['changed', null])
  expect(await db().mailing.count()).toBe(1)
})
