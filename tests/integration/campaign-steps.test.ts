import { describe, expect, test } from 'vitest'
import { stopMailing } from '@/lib/campaigns/mailings'
import { measureStep } from '@/lib/campaigns/steps'
import { runCampaigns } from '@/lib/campaigns/timetable'
import { db } from '@/lib/db'
import {
  addPeople,
  admin,
  campaignsPerFile,
  connect,
  getCampaign,
  mailingsOf,
  openFor,
  passDays,
  passWait,
  sendAll,
} from '@/tests/support/campaigns'

campaignsPerFile()

/** What the timetable sends now, after the half hour. */
async function sendNow(id: string): Promise<string[]> {
  await runCampaigns()
  await passWait(id)
  await runCampaigns()
  const sent = await sendAll()
  await runCampaigns()
  return sent
}

const stepsOf = (audiences: ('not_connected' | 'allowed_less' | 'failed_on_the_way')[]) =>
  audiences.map((audience, index) => ({ template: 'invitation', afterDays: index === 0 ? 0 : 7, audience, times: 1 }))

describe('reminders', () => {
  test('go out 7 and 21 days after the invitation, to those who are not connected, as mailings of their own', async () => {
    const ids = await addPeople(3)
    const id = await openFor(3)
    expect(await sendNow(id)).toEqual(['p0', 'p1', 'p2'])
    await passDays(6)
    expect(await sendNow(id)).toEqual([])
    await passDays(1)
    await connect(ids[0] ?? '', ['openid', '/read-limited'])
    await runCampaigns()
    const reminder = (await mailingsOf(id)).at(-1)
    expect(reminder).toMatchObject({ step: 2, state: 'first', recipients: 2, confirmedById: null })
    expect(reminder?.startsAt?.getTime()).toBeGreaterThan(Date.now() + 29 * 60_000)
    expect(await sendNow(id)).toEqual(['p1', 'p2'])
    await passDays(13)
    expect(await sendNow(id)).toEqual([])
    await passDays(1)
    expect(await sendNow(id)).toEqual(['p1', 'p2'])
    await passDays(100)
    expect(await sendNow(id)).toEqual([])
  })

  test('can be stopped, and do not begin again by themselves', async () => {
    await addPeople(1)
    const id = await openFor(1)
    await sendNow(id)
    await passDays(7)
    await runCampaigns()
    await stopMailing(admin, { id: (await mailingsOf(id)).at(-1)?.id ?? '', requestId: 'test' })
    await passDays(30)
    expect(await sendNow(id)).toEqual([])
  })

  test('nobody gets one without the mail before it', async () => {
    await addPeople(2)
    const id = await openFor(2)
    await runCampaigns()
    await passWait(id)
    await runCampaigns()
    const [refused] = await db().mail.findMany({ where: { state: 'waiting', person: { localId: 'p0' } } })
    await db().mail.update({ where: { id: refused?.id ?? '' }, data: { state: 'refused', sendingAt: new Date() } })
    expect(await sendAll()).toEqual(['p1'])
    await runCampaigns()
    // The server refused p0 for good: neither the invitation again nor a reminder.
    await passDays(8)
    expect(await sendNow(id)).toEqual(['p1'])
    await passDays(30)
    expect(await sendNow(id)).toEqual(['p1'])
    await passDays(30)
    expect(await sendNow(id)).toEqual([])
  })

  test('nobody gets the last reminder without the one before it', async () => {
    await addPeople(2)
    const id = await openFor(2)
    await sendNow(id)
    await passDays(7)
    await runCampaigns()
    await passWait(id)
    await runCampaigns()
    await db().mail.updateMany({
      where: { state: 'waiting', person: { localId: 'p0' } },
      data: { state: 'refused', sendingAt: new Date() },
    })
    expect(await sendAll()).toEqual(['p1'])
    await runCampaigns()
    await passDays(14)
    expect(await sendNow(id)).toEqual(['p1'])
  })

  test('a mail may come several times, and the next one after the last of them', async () => {
    await addPeople(1)
    const steps = [
      { template: 'invitation', afterDays: 0, audience: 'not_connected', times: 1 },
      { template: 'reminder', afterDays: 7, audience: 'not_connected', times: 2 },
      { template: 'last_reminder', afterDays: 7, audience: 'not_connected', times: 1 },
    ] as const
    const id = await openFor(1, { steps: [...steps] })
    const templates: string[] = []
    for (let week = 0; week < 6; week++) {
      await runCampaigns()
      await passWait(id)
      await runCampaigns()
      const [mail] = await db().mail.findMany({ where: { state: 'waiting' } })
      templates.push(mail?.template ?? '-')
      await sendAll()
      await runCampaigns()
      await passDays(7)
    }
    expect(templates).toEqual(['invitation', 'reminder', 'reminder', 'last_reminder', '-', '-'])
  })

  test('are for those who allowed less, or failed on the way, where a step says so', async () => {
    const ids = await addPeople(4)
    const steps = stepsOf(['not_connected', 'allowed_less', 'failed_on_the_way'])
    const id = await openFor(4, { steps })
    await sendNow(id)
    await connect(ids[0] ?? '', ['openid', '/read-limited'])
    await connect(ids[1] ?? '', ['openid'])
    await db().invitation.updateMany({ where: { personId: ids[2] ?? '' }, data: { failedAt: new Date() } })
    await passDays(7)
    expect(await sendNow(id)).toEqual(['p1'])
    expect(await sendNow(id)).toEqual(['p2'])
    await passDays(30)
    expect(await sendNow(id)).toEqual([])
  })

  test('a wider permission counts as the narrower one', async () => {
    const ids = await addPeople(1)
    const id = await openFor(1, { steps: stepsOf(['not_connected', 'allowed_less']) })
    await sendNow(id)
    await connect(ids[0] ?? '', ['openid', '/read-limited', '/activities/update'])
    await passDays(7)
    expect(await sendNow(id)).toEqual([])
  })

  test('a dry run says how many and shows ten, and changes nothing', async () => {
    await addPeople(12)
    const id = await openFor(12)
    await sendNow(id)
    await passDays(7)
    const campaign = await getCampaign(id)
    const [, reminder] = campaign.steps
    if (!reminder) throw new Error('no reminder')
    const due = await measureStep(campaign, reminder)
    expect([due.recipients, due.sample.length]).toEqual([12, 10])
    expect(await mailingsOf(id)).toHaveLength(1)
  })
})

describe('newcomers', () => {
  test('are asked after so many days, at most so many a day', async () => {
    await addPeople(1)
    const id = await openFor(1, { newcomersAfterDays: 3, newcomersPerDay: 2 })
    await sendNow(id)
    await addPeople(5)
    expect(await sendNow(id)).toEqual([])
    await passDays(2)
    expect(await sendNow(id)).toEqual([])
    await passDays(1)
    expect(await sendNow(id)).toHaveLength(2)
    expect(await sendNow(id)).toEqual([])
    await passDays(1)
    expect(await sendNow(id)).toHaveLength(2)
    await passDays(1)
    expect(await sendNow(id)).toHaveLength(1)
  })

  test('are not asked where the campaign does not say so', async () => {
    await addPeople(1)
    const id = await openFor(1)
    await sendNow(id)
    await addPeople(1)
    await passDays(30)
    await runCampaigns()
    expect(await db().invitation.count()).toBe(1)
  })
})
