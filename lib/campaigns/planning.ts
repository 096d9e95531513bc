import 'server-only'
import type { StaffActor } from '@/lib/actor'
import { type AskedPerson, type Audience, measureAudience } from '@/lib/campaigns/audience'
import { measureCorrection } from '@/lib/campaigns/correction'
import type { InvitedFilters } from '@/lib/campaigns/invited'
import { findMailing } from '@/lib/campaigns/mailings'
import type { Campaign } from '@/lib/campaigns/queries'
import { mayRemind, measureReminder } from '@/lib/campaigns/reminding'
import { measureStep } from '@/lib/campaigns/steps'

/** What is about to be confirmed: the opening, a step once more, a correction, or a reminder. Nothing of it has been sent. */
export type Plan = {
  kind: 'opening' | 'step' | 'correction' | 'reminder'
  place: number | null
  correctionId: string | null
  /** Whom a reminder is for, and how many they are before those who get none are left out. */
  filters?: InvitedFilters
  shown?: number
  /** Null where no mail is sent. */
  template: string | null
  recipients: number
  sample: readonly AskedPerson[]
  /** Of the opening. */
  leftOut: Audience['leftOut']
}

/** `remind`: those whom these filters find in the list. */
export type PlanAsked = { step?: string | null; correction?: string | null; remind?: InvitedFilters | null }

/** The plan that an address asks for, or null if there is none (any more). */
export async function findPlan(
  actor: StaffActor,
  campaign: Campaign,
  { step = null, correction = null, remind = null }: PlanAsked,
): Promise<Plan | null> {
  if (remind) return findReminder(actor, campaign, remind)
  if (correction !== null) return findCorrection(campaign, correction)
  if (step !== null) return findStepPlan(campaign, step)
  if (campaign.state !== 'draft') return null
  const plan = { kind: 'opening', place: null, correctionId: null } as const
  if (campaign.audience === null) return { ...plan, template: null, recipients: 0, sample: [], leftOut: [] }
  const template = campaign.mailMerge ? null : (campaign.steps[0]?.template ?? null)
  return { ...plan, template, ...(await measureAudience(campaign)) }
}

async function findReminder(actor: StaffActor, campaign: Campaign, filters: InvitedFilters): Promise<Plan | null> {
  if (!mayRemind(campaign)) return null
  const reminder = await measureReminder(actor, campaign, filters)
  return { kind: 'reminder', place: null, correctionId: null, filters, ...reminder, leftOut: [] }
}

async function findStepPlan(campaign: Campaign, place: string): Promise<Plan | null> {
  const step = campaign.steps.find((each) => String(each.place) === place)
  if (!step || campaign.state !== 'open' || campaign.mailMerge) return null
  const { recipients, sample } = await measureStep(campaign, step)
  return {
    kind: 'step',
    place: step.place,
    correctionId: null,
    template: step.template,
    recipients,
    sample,
    leftOut: [],
  }
}

async function findCorrection(campaign: Campaign, id: string): Promise<Plan | null> {
  const mailing = await findMailing(id)
  if (mailing?.campaignId !== campaign.id || mailing.state !== 'to_be_approved' || mailing.confirmedById) return null
  const { template, correctsId } = mailing
  const measured = await measureCorrection({ correctsId, mailingId: id })
  return { kind: 'correction', place: null, correctionId: id, template, ...measured, leftOut: [] }
}
