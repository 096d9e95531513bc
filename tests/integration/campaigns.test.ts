import { describe, expect, test } from 'vitest'
import { measureAudience } from '@/lib/campaigns/audience'
import {
  changeDraft,
  changeRunning,
  closeCampaign,
  deleteDraft,
  draftCampaign,
  pauseCampaign,
  recordInformed,
  resumeCampaign,
} from '@/lib/campaigns/commands'
import { openCampaign } from '@/lib/campaigns/opening'
import { listCampaigns } from '@/lib/campaigns/queries'
import { findMissing } from '@/lib/campaigns/readiness'
import { runCampaigns } from '@/lib/campaigns/timetable'
import { env } from '@/lib/config/env'
import { db, inTransaction } from '@/lib/db'
import { hashAddress } from '@/lib/mail/suppression'
import {
  addDraft,
  addPeople,
  addTestMail,
  admin,
  campaignsPerFile,
  completeEntry,
  connect,
  getCampaign,
  manager,
  openFor,
  passWait,
  sendAll,
} from '@/tests/support/campaigns'

campaignsPerFile()

const missingOf = async (id: string) => {
  const campaign = await getCampaign(id)
  const audience = campaign.audience === null ? null : await measureAudience(campaign)
  return (await findMissing(campaign, audience)).map(({ kind }) => kind)
}
const open = async (id: string, typed: number | null) =>
  openCampaign(admin, await getCampaign(id), { typed, requestId: 'test' })

describe('a campaign', () => {
  test('begins with an invitation, and reminders after 7 and 21 days', async () => {
    const id = await draftCampaign(manager, { name: 'Autumn', purpose: 'More', requestId: 'test' })
    const { steps, state, code } = await getCampaign(id)
    expect(state).toBe('draft')
    expect(code).toMatch(/^[a-z2-9]{8}$/)
    expect(steps.map(({ template, afterDays }) => [template, afterDays])).toEqual([
      ['invitation', 0],
      ['reminder', 7],
      ['last_reminder', 14],
    ])
  })

  test('cannot be opened while anything is missing, and the list says what', async () => {
    await addPeople(1)
    const id = await draftCampaign(manager, { name: 'Autumn', purpose: '', requestId: 'test' })
    expect(await missingOf(id)).toEqual(['purpose', 'permission', 'why', 'why', 'end'])
    await changeDraft(manager, id, { ...completeEntry(), texts: [] }, 'test')
    expect(await missingOf(id)).toEqual(['why', 'reason', 'informed'])
    await changeDraft(
      manager,
      id,
      { ...completeEntry(), endsOn: '2020-01-01', scopes: ['/email/read-private'] },
      'test',
    )
    expect(await missingOf(id)).toEqual(['scope', 'reason', 'end_past', 'informed'])
    await changeDraft(manager, id, { ...completeEntry(), steps: [] }, 'test')
    await recordInformed(admin, id, 'By letter, 3 May', 'test')
    expect(await missingOf(id)).toEqual(['steps'])
    expect(await open(id, 1)).toBe('not_ready')
    await changeDraft(manager, id, completeEntry(), 'test')
    expect(await missingOf(id)).toEqual([])
  })

  test('needs its words in every language of those addressed, and a template in each without a fault', async () => {
    await addPeople(1)
    const [english] = completeEntry().texts
    const id = await addDraft({ texts: english ? [english] : [] })
    expect(await missingOf(id)).toEqual([])
    await addPeople(1, () => ({ language: 'es' }))
    expect(await missingOf(id)).toEqual(['why', 'reason'])
    await addPeople(1, () => ({ language: 'fr' }))
    await changeDraft(manager, id, completeEntry(), 'test')
    expect(await missingOf(id)).toEqual([])
    const text = { template: 'invitation', locale: 'es', subject: 'Hola', body: 'Hola', changedById: admin.staffId }
    await db().mailText.create({ data: text })
    expect(await missingOf(id)).toEqual(['template_faults'])
    await db().mailText.deleteMany()
  })

  test('asks nobody to change who sees their record, or to publish an address', async () => {
    await addPeople(1)
    const why = 'Please set your visibility settings to Everyone.'
    const id = await addDraft({ texts: [{ locale: 'en', why, reasons: { '/read-limited': 'Fills your page.' } }] })
    expect(await missingOf(id)).toEqual(['visibility'])
  })

  test('cannot be opened to nobody', async () => {
    const id = await addDraft()
    expect(await missingOf(id)).toEqual(['audience'])
    expect(await open(id, 0)).toBe('not_ready')
  })

  test('can be opened to anybody with the link, without mail', async () => {
    const id = await addDraft({ audience: null })
    expect(await open(id, null)).toBeNull()
    await runCampaigns()
    expect(await db().invitation.count()).toBe(0)
    expect(await db().mailing.count()).toBe(0)
    expect((await getCampaign(id)).state).toBe('open')
  })

  test('without SMTP is opened for a mail merge only', async () => {
    await addPeople(2)
    const id = await addDraft()
    const { mail } = env()
    Object.assign(env(), { mail: null })
    try {
      expect(await missingOf(id)).toEqual(['mail'])
    } finally {
      Object.assign(env(), { mail })
    }
    await changeDraft(manager, id, { ...completeEntry(), mailMerge: true }, 'test')
    expect(await open(id, 2)).toBeNull()
    await runCampaigns()
    expect(await db().invitation.count()).toBe(2)
    expect(await db().mailing.count()).toBe(0)
  })

  test('keeps what people were told: after the opening only its name, end and newcomers change', async () => {
    await addPeople(1)
    const id = await openFor(1)
    expect(await changeDraft(manager, id, { ...completeEntry(), scopes: [] }, 'test')).toBe(false)
    const running = { ...completeEntry(), name: 'Winter', endsOn: '2998-01-01' }
    expect(await changeRunning(manager, id, running, 'test')).toBe(true)
    const { name, endsOn, scopes } = await getCampaign(id)
    expect([name, endsOn, scopes]).toEqual(['Winter', '2998-01-01', ['/read-limited']])
    await deleteDraft(manager, id, 'test')
    expect(await db().campaign.count()).toBe(1)
  })
})

describe('the audience', () => {
  test('is ours, reachable, not confidential and not connected already; those left out are counted by reason', async () => {
    const ids = await addPeople(12, (n) => ({
      ...(n === 1 ? { email: null } : {}),
      ...(n === 2 ? { email: 'somebody@elsewhere.example' } : {}),
      ...(n === 3 ? { email: 'müller@exämple.org' } : {}),
      ...(n === 4 ? { state: 'left' as const } : {}),
      ...(n === 5 ? { confidential: true } : {}),
      ...(n === 6 ? { email: 'x@sub.example.org' } : {}),
    }))
    await connect(ids[7] ?? '', ['openid', '/read-limited'])
    await connect(ids[8] ?? '', ['openid'])
    await db().mailSuppression.create({ data: { addressHash: await hashAddress('P9@example.org'), reason: 'bounced' } })
    await db().doNotAsk.create({ data: { personId: ids[10] ?? '', reason: 'asked' } })
    const audience = await measureAudience(await getCampaign(await addDraft()))
    // With the one who asked not to be asked.
    expect(audience.recipients).toBe(3)
    expect(Object.fromEntries(audience.leftOut.map(({ reason, count }) => [reason, count]))).toEqual({
      no_address: 1,
      elsewhere: 1,
      bad_address: 1,
      // The entry of MAIL_ALLOWED is one domain, without those below it.
      not_allowed: 1,
      not_ours: 1,
      allowed: 1,
      other_step: 1,
      undeliverable: 1,
    })
  })

  test('counts those who declined like everybody else, and those who stopped mail as not reachable', async () => {
    const ids = await addPeople(5)
    await db().doNotAsk.create({
      data: { personId: ids[0] ?? '', reason: 'refused', until: new Date(Date.now() + 86_400_000) },
    })
    await db().doNotAsk.create({
      data: { personId: ids[1] ?? '', reason: 'refused', until: new Date(Date.now() - 1_000) },
    })
    const addressHash = await hashAddress('p2@example.org')
    await db().mailSuppression.create({ data: { addressHash, reason: 'unsubscribed', personId: ids[2] ?? '' } })
    // Said by an entry that was merged into theirs.
    const [entry] = await addPeople(1)
    await db().person.update({ where: { id: entry ?? '' }, data: { mergedIntoId: ids[4] ?? '' } })
    await db().doNotAsk.create({ data: { personId: entry ?? '', reason: 'asked' } })
    const audience = await measureAudience(await getCampaign(await addDraft()))
    expect(audience.recipients).toBe(4)
    expect(audience.leftOut).toEqual([{ reason: 'undeliverable', count: 1 }])
  })

  test('on the local registry is whoever is allowed to get mail there', async () => {
    await addPeople(3)
    const id = await addDraft()
    Object.assign(env().mail ?? {}, { allowed: ['P1@example.org'] })
    try {
      expect(await measureAudience(await getCampaign(id))).toMatchObject({
        recipients: 1,
        leftOut: [{ reason: 'not_allowed', count: 2 }],
      })
    } finally {
      Object.assign(env().mail ?? {}, { allowed: ['@example.org'] })
    }
  })
})

describe('opening', () => {
  test('needs a test mail to oneself after the last change, and the number of recipients typed', async () => {
    await addPeople(3)
    const id = await addDraft()
    expect(await open(id, null)).toBe('wrong_number')
    expect(await open(id, 2)).toBe('wrong_number')
    expect(await open(id, 3)).toBe('no_test_mail')
    await addTestMail(manager, id)
    expect(await open(id, 3)).toBe('no_test_mail')
    await addTestMail(admin, id)
    await changeDraft(manager, id, completeEntry(), 'test')
    expect(await open(id, 3)).toBe('no_test_mail')
    await addTestMail(admin, id)
    expect(await open(id, 3)).toBeNull()
    expect(await open(id, 3)).toBe('changed')
    expect(await db().mailing.count()).toBe(1)
  })

  test('is recorded with its numbers, and names nobody', async () => {
    await addPeople(2)
    const id = await openFor(2)
    const [opened] = await db().auditEvent.findMany({ where: { action: 'campaign.opened' }, orderBy: { id: 'desc' } })
    expect(opened?.detail).toEqual({ campaignId: id, recipients: 2 })
  })
})

describe('pausing and closing', () => {
  test('paused, nothing is sent, and it goes on where it was', async () => {
    await addPeople(2)
    const id = await openFor(2)
    await pauseCampaign(manager, id, 'test')
    await passWait(id)
    await runCampaigns()
    expect(await sendAll()).toEqual([])
    await resumeCampaign(manager, id, 'test')
    await runCampaigns()
    expect(await sendAll()).toEqual(['p0', 'p1'])
  })

  test('closing ends invitations and what waits in the same transaction', async () => {
    await addPeople(2)
    const id = await openFor(2)
    await passWait(id)
    await runCampaigns()
    expect(await db().mail.count({ where: { state: 'waiting' } })).toBe(2)
    await closeCampaign(manager, id, 'test')
    expect(await db().mail.count({ where: { state: 'suppressed', reason: 'closed' } })).toBe(2)
    expect(await db().invitation.count({ where: { ended: 'closed' } })).toBe(2)
    expect((await db().mailing.findFirstOrThrow()).state).toBe('stopped')
    await inTransaction(async (tx) => expect(await tx.invitation.count({ where: { endedAt: null } })).toBe(0))
  })

  test('a campaign closes by itself after its last day', async () => {
    await addPeople(1)
    const id = await openFor(1)
    await db().campaign.update({ where: { id }, data: { endsOn: new Date('2020-01-01') } })
    await runCampaigns()
    expect((await getCampaign(id)).state).toBe('closed')
  })
})

test('the list has how many are invited and connected', async () => {
  const ids = await addPeople(3)
  await openFor(3)
  await connect(ids[0] ?? '', ['openid', '/read-limited'])
  expect(await listCampaigns(manager)).toMatchObject([{ invited: 3, connected: 1, state: 'open' }])
})
