import { beforeAll, beforeEach } from 'vitest'
import type { StaffActor } from '@/lib/actor'
import { changeDraft, draftCampaign } from '@/lib/campaigns/commands'
import { openCampaign } from '@/lib/campaigns/opening'
import { type Campaign, findCampaign } from '@/lib/campaigns/queries'
import type { CampaignEntry } from '@/lib/campaigns/schema'
import { runCampaigns } from '@/lib/campaigns/timetable'
import { env } from '@/lib/config/env'
import { db } from '@/lib/db'
import { makeStaffActor } from '@/tests/support/actors'
import { workInOwnDatabase } from '@/tests/support/inside'

export const admin = makeStaffActor({ role: 'admin' })
export const secondAdmin = makeStaffActor({ role: 'admin' })
export const manager = makeStaffActor({ role: 'manager' })

/** A database of one's own with two administrators, and mail to everybody at example.org. */
export function campaignsPerFile(): void {
  Object.assign(process.env, {
    SMTP_URL: 'smtp://mailer:b6c7a1d4-not-asked@127.0.0.1:9',
    MAIL_FROM: 'Library <orcid@example.org>',
    MAIL_DOMAINS: 'example.org',
    INSTITUTION_EMAIL_DOMAINS: 'example.org',
    INSTITUTION_LANGUAGES: 'en es',
  })
  workInOwnDatabase(admin, secondAdmin, manager)
  beforeAll(() => {
    // The registry is the local one.
    Object.assign(env().mail ?? {}, { allowed: ['@example.org'] })
  })
  beforeEach(async () => {
    await db().campaign.deleteMany()
    await db().mail.deleteMany()
    await db().mailSuppression.deleteMany()
    await db().person.deleteMany()
    await db().researcher.deleteMany()
  })
}

type NewPerson = Partial<{
  email: string | null
  language: string
  state: 'left'
  confidential: boolean
  origin: 'imported'
}>

/** People of the roster with an address each. Returns their ids, in order. */
export async function addPeople(count: number, more: (n: number) => NewPerson = () => ({})): Promise<string[]> {
  const before = await db().person.count()
  const rows = await db().person.createManyAndReturn({
    data: Array.from({ length: count }, (_, n) => ({
      localId: `p${before + n}`,
      familyName: `Person ${before + n}`,
      email: `p${before + n}@example.org`,
      origin: 'imported' as const,
      kind: 'staff' as const,
      ...more(n),
    })),
    select: { id: true },
  })
  return rows.map(({ id }) => id)
}

const words = {
  why: 'So that you need not type your publications again.',
  reasons: { '/read-limited': 'Fills your page.' },
}

export const completeEntry = (): CampaignEntry => ({
  name: 'Autumn',
  purpose: 'More of our people connected.',
  audience: 'kind=staff',
  scopes: ['/read-limited'],
  startsOn: null,
  endsOn: '2999-12-31',
  newcomersAfterDays: null,
  newcomersPerDay: null,
  mailMerge: false,
  texts: [
    { locale: 'en', ...words },
    { locale: 'es', ...words },
  ],
  steps: [
    { template: 'invitation', afterDays: 0, audience: 'not_connected', times: 1 },
    { template: 'reminder', afterDays: 7, audience: 'not_connected', times: 1 },
    { template: 'last_reminder', afterDays: 14, audience: 'not_connected', times: 1 },
  ],
})

export async function getCampaign(id: string): Promise<Campaign> {
  const campaign = await findCampaign(id)
  if (!campaign) throw new Error('no campaign')
  return campaign
}

/** A draft in which nothing is missing. */
export async function addDraft(entry: Partial<CampaignEntry> = {}): Promise<string> {
  const id = await draftCampaign(manager, { name: 'Autumn', purpose: 'More', requestId: 'test' })
  await changeDraft(manager, id, { ...completeEntry(), ...entry }, 'test')
  await db().campaign.update({
    where: { id },
    data: { informed: 'By letter.', informedAt: new Date(), informedById: admin.staffId },
  })
  return id
}

/** As a test mail that arrived. */
export async function addTestMail(actor: StaffActor, campaignId: string, template = 'invitation'): Promise<void> {
  await db().mail.create({
    data: {
      kind: 'test',
      state: 'sent',
      messageId: `<${Math.random()}@example.org>`,
      staffId: actor.staffId,
      address: 'me@example.org',
      template,
      locale: 'en',
      values: { campaignId },
    },
  })
}

/** Opens a campaign to these people, and lets the timetable invite them. */
export async function openFor(recipients: number, entry: Partial<CampaignEntry> = {}): Promise<string> {
  const id = await addDraft(entry)
  await addTestMail(admin, id)
  const refusal = await openCampaign(admin, await getCampaign(id), { typed: recipients, requestId: 'test' })
  if (refusal) throw new Error(refusal)
  await runCampaigns()
  return id
}

const halfAnHour = "interval '31 minutes'"

/** Lets the half hour before mailings pass. */
export async function passWait(campaignId: string): Promise<void> {
  await db().$executeRawUnsafe(
    `update mailing set starts_at = starts_at - ${halfAnHour}, confirmed_at = confirmed_at - ${halfAnHour} where campaign_id = $1::uuid`,
    campaignId,
  )
}

/** As the outbox does with what may go out. Returns whom it sent to, by number: nobody who has declined. */
export async function sendAll(state: 'sent' | 'refused' = 'sent'): Promise<string[]> {
  await db().mail.updateMany({
    where: { state: 'waiting', OR: [{ invitation: { ended: 'declined' } }, { person: { doNotAsk: { isNot: null } } }] },
    data: { state: 'withheld', sendingAt: new Date() },
  })
  const mails = await db().mail.findMany({
    where: { state: 'waiting' },
    select: { id: true, person: { select: { localId: true } } },
  })
  await db().mail.updateMany({
    where: { id: { in: mails.map(({ id }) => id) } },
    data: { state, sendingAt: new Date(), ...(state === 'sent' ? { sentAt: new Date() } : {}) },
  })
  return mails.map(({ person }) => person?.localId ?? '').sort()
}

/** Lets days pass for what was sent, opened and invited. */
export async function passDays(days: number): Promise<void> {
  const ago = `- interval '${days} days'`
  await db().$executeRawUnsafe(
    `update mail set sent_at = sent_at ${ago}, sending_at = sending_at ${ago}, made_at = made_at ${ago}`,
  )
  await db().$executeRawUnsafe(
    `update mailing set starts_at = starts_at ${ago}, confirmed_at = confirmed_at ${ago}, ended_at = ended_at ${ago}`,
  )
  await db().$executeRawUnsafe(`update invitation set made_at = made_at ${ago}, last_mail_at = last_mail_at ${ago}`)
  await db().$executeRawUnsafe(`update campaign set opened_at = opened_at ${ago}, invited_at = invited_at ${ago}`)
}

export const mailingsOf = (campaignId: string) =>
  db().mailing.findMany({ where: { campaignId }, orderBy: { confirmedAt: 'asc' } })

/** Lets somebody connect, with these scopes. */
export async function connect(personId: string, liveScopes: string[]): Promise<void> {
  await db().person.update({
    where: { id: personId },
    data: { connection: liveScopes.length > 1 ? 'connected' : 'identity_only', liveScopes },
  })
}
