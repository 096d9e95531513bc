import 'server-only'
import { randomInt } from 'node:crypto'
import type { StaffActor, SystemActor } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import { activeMailings, defaultSteps, type StandingKind, type Step, standing } from '@/lib/campaigns/campaign'
import type { Campaign } from '@/lib/campaigns/queries'
import type { CampaignEntry } from '@/lib/campaigns/schema'
import { env } from '@/lib/config/env'
import { readMessages } from '@/lib/config/languages'
import { db, inTransaction, type Prisma, type Tx } from '@/lib/db'

/** Without letters and digits that people confuse on a poster. */
const codeAlphabet = 'abcdefghjkmnpqrstuvwxyz23456789'
const codeLength = 8

const makeCode = () =>
  Array.from({ length: codeLength }, () => codeAlphabet.charAt(randomInt(codeAlphabet.length))).join('')

const placed = (steps: readonly Step[]) => steps.map((step, index) => ({ ...step, place: index + 1 }))

type Drafted = { name: string; purpose: string; audience?: string | null }

/** Begins a campaign, as a draft with the usual steps. Returns its id. */
export function draftCampaign(
  actor: StaffActor,
  { name, purpose, audience = null, requestId }: Drafted & { requestId: string },
): Promise<string> {
  return inTransaction(async (tx) => {
    const { id } = await tx.campaign.create({
      data: {
        name,
        purpose,
        audience,
        code: makeCode(),
        madeById: actor.staffId,
        steps: { create: placed(defaultSteps) },
      },
      select: { id: true },
    })
    await recordEvent(tx, actor, { action: 'campaign.made', requestId, detail: { campaignId: id } })
    return id
  })
}

/** Begins a standing campaign, as a draft that has everything it needs. Returns its id. */
export function draftStandingCampaign(actor: StaffActor, kind: StandingKind, requestId: string): Promise<string> {
  const { languages } = env().institution
  const wordsIn = (locale: string) => readMessages(locale).campaign.standing[kind]
  const { name, purpose } = wordsIn(languages[0] ?? 'en')
  const { template, audience, newcomersPerDay } = standing[kind]
  return inTransaction(async (tx) => {
    const { id } = await tx.campaign.create({
      data: {
        kind,
        name,
        purpose,
        code: makeCode(),
        audience,
        newcomersAfterDays: 0,
        newcomersPerDay,
        madeById: actor.staffId,
        texts: { create: languages.map((locale) => ({ locale, why: wordsIn(locale).why, reasons: {} })) },
        steps: { create: placed([{ template, afterDays: 0, audience: 'allowed_less', times: 1 }]) },
      },
      select: { id: true },
    })
    await recordEvent(tx, actor, { action: 'campaign.made', requestId, detail: { campaignId: id, kind } })
    return id
  })
}

const toDate = (day: string | null) => day && new Date(day)

/** Changes a draft. False if it is none any more. */
export function changeDraft(
  actor: StaffActor,
  id: string,
  { texts, steps, startsOn, endsOn, ...entry }: CampaignEntry,
  requestId: string,
): Promise<boolean> {
  return inTransaction(async (tx) => {
    const { count } = await tx.campaign.updateMany({
      where: { id, state: 'draft' },
      data: { ...entry, startsOn: toDate(startsOn), endsOn: toDate(endsOn), changedAt: new Date() },
    })
    if (count === 0) return false
    await tx.campaignText.deleteMany({ where: { campaignId: id } })
    await tx.campaignText.createMany({ data: texts.map((text) => ({ ...text, campaignId: id })) })
    await tx.campaignStep.deleteMany({ where: { campaignId: id } })
    await tx.campaignStep.createMany({ data: placed(steps).map((step) => ({ ...step, campaignId: id })) })
    await recordEvent(tx, actor, { action: 'campaign.changed', requestId, detail: { campaignId: id } })
    return true
  })
}

type Running = Pick<CampaignEntry, 'name' | 'purpose' | 'endsOn' | 'newcomersAfterDays' | 'newcomersPerDay'>

/** Changes what may still change after the opening: not what people were told. False if it is not open. */
export function changeRunning(actor: StaffActor, id: string, entry: Running, requestId: string): Promise<boolean> {
  const { endsOn, name, purpose, newcomersAfterDays, newcomersPerDay } = entry
  return inTransaction(async (tx) => {
    const { count } = await tx.campaign.updateMany({
      where: { id, state: { in: ['open', 'paused'] } },
      data: { name, purpose, newcomersAfterDays, newcomersPerDay, endsOn: toDate(endsOn) },
    })
    if (count === 0) return false
    await recordEvent(tx, actor, { action: 'campaign.changed', requestId, detail: { campaignId: id } })
    return true
  })
}

/** Records how people were told that they are on the roster. Who wrote it stays with it. */
export function recordInformed(actor: StaffActor, id: string, informed: string, requestId: string): Promise<boolean> {
  return inTransaction(async (tx) => {
    const { count } = await tx.campaign.updateMany({
      where: { id, state: { not: 'closed' } },
      data: { informed, informedAt: new Date(), informedById: actor.staffId },
    })
    if (count === 0) return false
    await recordEvent(tx, actor, { action: 'campaign.informed', requestId, detail: { campaignId: id } })
    return true
  })
}

/** Deletes a draft. */
export function deleteDraft(actor: StaffActor, id: string, requestId: string): Promise<void> {
  return inTransaction(async (tx) => {
    const { count } = await tx.campaign.deleteMany({ where: { id, state: 'draft' } })
    if (count > 0) await recordEvent(tx, actor, { action: 'campaign.deleted', requestId, detail: { campaignId: id } })
  })
}

/** Stops a campaign for now: what waits stays, and nothing goes out. */
export function pauseCampaign(actor: StaffActor, id: string, requestId: string): Promise<void> {
  return inTransaction((tx) => pause(tx, actor, { id, reason: 'staff', requestId }))
}

/** Ten mails in a row failed: nothing more goes out until somebody has looked. */
export function pauseAfterFailures(tx: Tx, actor: SystemActor, id: string): Promise<void> {
  return pause(tx, actor, { id, reason: 'failures' })
}

type Pause = { id: string; reason: 'staff' | 'failures'; requestId?: string }

async function pause(tx: Tx, actor: StaffActor | SystemActor, { id, reason, requestId }: Pause): Promise<void> {
  const { count } = await tx.campaign.updateMany({
    where: { id, state: 'open' },
    data: { state: 'paused', pausedAt: new Date(), pauseReason: reason },
  })
  const detail = { campaignId: id, reason }
  if (count > 0) await recordEvent(tx, actor, { action: 'campaign.paused', requestId: requestId ?? null, detail })
}

/** Lets a paused campaign go on. */
export function resumeCampaign(actor: StaffActor, id: string, requestId: string): Promise<void> {
  return inTransaction(async (tx) => {
    const { count } = await tx.campaign.updateMany({
      where: { id, state: 'paused' },
      data: { state: 'open', pausedAt: null, pauseReason: null },
    })
    if (count > 0) await recordEvent(tx, actor, { action: 'campaign.resumed', requestId, detail: { campaignId: id } })
  })
}

/** Ends a campaign with its invitations, and leaves out what waits to be sent, in one transaction. */
export function closeCampaign(
  actor: StaffActor | SystemActor,
  id: string,
  requestId: string | null = null,
): Promise<boolean> {
  return inTransaction(async (tx) => {
    const { count } = await tx.campaign.updateMany({
      where: { id, state: { in: ['open', 'paused'] } },
      data: { state: 'closed', closedAt: new Date(), pausedAt: null, pauseReason: null },
    })
    if (count === 0) return false
    const now = new Date()
    await tx.mailing.updateMany({
      where: { campaignId: id, state: { in: [...activeMailings] } },
      data: { state: 'stopped', endedAt: now },
    })
    await suppressWaiting(tx, { OR: [{ mailing: { campaignId: id } }, { invitation: { campaignId: id } }] }, 'closed')
    const ended = await tx.invitation.updateMany({
      where: { campaignId: id, OR: [{ endedAt: null }, { ended: 'declined' }] },
      data: { endedAt: now, ended: 'closed' },
    })
    const detail = { campaignId: id, invitations: ended.count }
    await recordEvent(tx, actor, { action: 'campaign.closed', requestId, detail })
    return true
  })
}

/** Leaves mails out that wait to be sent, for a reason in one of our own words. Returns how many. */
export async function suppressWaiting(tx: Tx, which: Prisma.MailWhereInput, reason: string): Promise<number> {
  const { count } = await tx.mail.updateMany({
    where: { AND: [which, { state: 'waiting' }] },
    data: { state: 'suppressed', reason },
  })
  return count
}

/** Whether somebody sent themselves a test mail of this template since the campaign was changed last. */
export async function hasTested(
  actor: StaffActor,
  { id, changedAt }: Pick<Campaign, 'id' | 'changedAt'>,
  template: string,
): Promise<boolean> {
  const found = await db().mail.findFirst({
    where: {
      kind: 'test',
      template,
      staffId: actor.staffId,
      state: { in: ['sent', 'perhaps_sent'] },
      madeAt: { gte: changedAt },
      values: { path: ['campaignId'], equals: id },
    },
    select: { id: true },
  })
  return found !== null
}
