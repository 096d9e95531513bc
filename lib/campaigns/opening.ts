import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import { measureAudience } from '@/lib/campaigns/audience'
import { activeMailings, approvalAbove, waitMs } from '@/lib/campaigns/campaign'
import { hasTested } from '@/lib/campaigns/commands'
import type { Campaign } from '@/lib/campaigns/queries'
import { findMissing } from '@/lib/campaigns/readiness'
import { measureStep } from '@/lib/campaigns/steps'
import { startOfDay } from '@/lib/config/day'
import { inTransaction, Prisma, queryRows, type Tx } from '@/lib/db'
import { enqueueJob } from '@/lib/jobs/queue'

/** Why nothing was opened or sent. */
export type Refusal = 'not_ready' | 'nobody' | 'wrong_number' | 'no_test_mail' | 'changed'

type Typed = { typed: number | null; requestId: string }

/**
 * Opens a campaign. Its first mail waits half an hour, or for a second administrator. `typed`: how many people get it,
 * as the administrator typed it.
 */
export async function openCampaign(
  actor: StaffActor,
  campaign: Campaign,
  { typed, requestId }: Typed,
): Promise<Refusal | null> {
  if (campaign.state !== 'draft') return 'changed'
  const audience = campaign.audience === null ? null : await measureAudience(campaign)
  if ((await findMissing(campaign, audience)).length > 0) return 'not_ready'
  if (audience && typed !== audience.recipients) return 'wrong_number'
  const [first] = campaign.steps
  const sends = audience !== null && !campaign.mailMerge && first !== undefined
  // A standing campaign may begin with newcomers alone.
  if (sends && !(await hasTested(actor, campaign, first.template))) return 'no_test_mail'
  const { id, changedAt, startsOn } = campaign
  return inTransaction(async (tx) => {
    const { count } = await tx.campaign.updateMany({
      where: { id, state: 'draft', changedAt },
      data: { state: 'open', openedAt: new Date() },
    })
    if (count === 0) return 'changed'
    const recipients = audience?.recipients ?? 0
    const detail = { campaignId: id, recipients }
    await recordEvent(tx, actor, { action: 'campaign.opened', requestId, detail })
    if (sends && recipients > 0)
      await addMailing(tx, actor, { campaignId: id, ...first, recipients, startsOn, requestId })
    await enqueueJob(tx, 'campaign-steps', { key: 'campaign-steps' })
    return null
  })
}

/** Sends a step again that was stopped or taken back: as the opening, to those who should get it now. */
export async function sendStep(
  actor: StaffActor,
  campaign: Campaign,
  { place, typed, requestId }: Typed & { place: number },
): Promise<Refusal | null> {
  const step = campaign.steps.find((each) => each.place === place)
  if (campaign.state !== 'open' || !step) return 'changed'
  const { recipients } = await measureStep(campaign, step)
  if (recipients === 0) return 'nobody'
  if (typed !== recipients) return 'wrong_number'
  if (!(await hasTested(actor, campaign, step.template))) return 'no_test_mail'
  const { id, startsOn } = campaign
  return inTransaction(async (tx) => {
    if (!(await lockForMailing(tx, id))) return 'changed'
    await addMailing(tx, actor, { campaignId: id, ...step, recipients, startsOn, requestId })
    return null
  })
}

/**
 * One transaction at a time adds a mailing to a campaign. False if it is not open any more, or a mailing of it is under
 * way.
 */
export async function lockForMailing(tx: Tx, id: string): Promise<boolean> {
  const open = await tx.$queryRaw<unknown[]>`
    select 1 from campaign where id = ${id}::uuid and state = 'open' for update`
  return open.length > 0 && !(await hasActive(tx, id))
}

/** Whether a mailing of a campaign is under way. */
export async function hasActive(tx: Tx, campaignId: string): Promise<boolean> {
  return (await tx.mailing.count({ where: { campaignId, state: { in: [...activeMailings] } } })) > 0
}

type NewMailing = {
  campaignId: string
  /** Of the step; null for a reminder to a part of the list. */
  place: number | null
  template: string
  recipients: number
  startsOn: string | null
  requestId: string
}

/** Adds a confirmed mailing, which waits half an hour or for a second administrator. Returns its id. */
export async function addMailing(tx: Tx, actor: StaffActor, mailing: NewMailing): Promise<string> {
  const { campaignId, place, template, recipients, startsOn, requestId } = mailing
  const needsSecond = recipients > approvalAbove
  const { id } = await tx.mailing.create({
    data: {
      campaignId,
      step: place,
      template,
      recipients,
      state: needsSecond ? 'to_be_approved' : 'first',
      confirmedById: actor.staffId,
      startsAt: needsSecond ? null : await findStart(tx, startsOn),
    },
    select: { id: true },
  })
  const detail = { campaignId, mailingId: id, step: place, recipients }
  await recordEvent(tx, actor, { action: 'campaign.mailing_confirmed', requestId, detail })
  return id
}

/** Half an hour from now, and not before the campaign’s first day. */
export async function findStart(tx: Tx, startsOn: string | null): Promise<Date> {
  const soonest = new Date(Date.now() + waitMs)
  if (!startsOn) return soonest
  const [row] = await queryRows(tx, z.object({ at: z.date() }), Prisma.sql`select ${startOfDay(startsOn)} as at`)
  return row && row.at > soonest ? row.at : soonest
}
