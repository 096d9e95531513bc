import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { hadMailLately, isOpen, mayBeAsked, withoutSuppressed } from '@/lib/campaigns/audience'
import { hasTested } from '@/lib/campaigns/commands'
import type { InvitedFilters } from '@/lib/campaigns/invited'
import { addMailing, lockForMailing, type Refusal } from '@/lib/campaigns/opening'
import { countInvited, toInvitedCondition } from '@/lib/campaigns/people'
import type { Campaign } from '@/lib/campaigns/queries'
import { listRecipients, type Recipient } from '@/lib/campaigns/steps'
import { inTransaction, Prisma, queryRows, type Tx } from '@/lib/db'

/** Whether people of a campaign can be reminded from their list: it is open and sends mails. */
export const mayRemind = ({ state, audience, mailMerge }: Pick<Campaign, 'state' | 'audience' | 'mailMerge'>) =>
  state === 'open' && audience !== null && !mailMerge

/** The campaign's own reminder, or ours. */
export const reminderOf = ({ steps }: Pick<Campaign, 'steps'>): string =>
  steps.find(({ place }) => place > 1)?.template ?? 'reminder'

/** SQL on `person` and `invitation i`: had the first mail, and may get another one now. */
const getsReminder = (campaign: Campaign) => Prisma.sql`${isOpen} and i.step > 0 and ${mayBeAsked(campaign)}
  and not ${hadMailLately}`

/** `shown`: on the list with these filters. Whoever declined counts as a recipient, and their mail is withheld. */
export type Reminder = { template: string; shown: number; recipients: number; sample: Recipient[] }

const sampleSize = 10
/** `doubtful`: addresses of people of whom one is suppressed. */
const counted = z.object({ count: z.number(), doubtful: z.array(z.string()) })

/** How many of those whom the filters find get a reminder, and ten of them. Changes nothing. */
export async function measureReminder(
  actor: StaffActor,
  campaign: Campaign,
  filters: InvitedFilters,
): Promise<Reminder> {
  const condition = Prisma.sql`${toInvitedCondition(actor, campaign, filters)} and ${getsReminder(campaign)}`
  const shown = await countInvited(actor, campaign, filters)
  return inTransaction(async (tx) => {
    const [found] = await queryRows(
      tx,
      counted,
      Prisma.sql`
        select count(*)::int as count, coalesce(array_agg(email) filter (where exists (
          select from mail_suppression s where s.person_id = person.id)), '{}') as doubtful
        from invitation i join person on person.id = i.person_id where ${condition}`,
    )
    const { count, doubtful } = found ?? { count: 0, doubtful: [] }
    const kept = await withoutSuppressed(
      tx,
      doubtful.map((email) => ({ email })),
    )
    const recipients = count - doubtful.length + kept.length
    const sample = await listRecipients(tx, condition, { limit: sampleSize })
    return { template: reminderOf(campaign), shown, recipients, sample: sample.slice(0, recipients) }
  })
}

/** Prepares a reminder to those of a part of the list who may still get one, as any other mailing. */
export async function sendReminder(
  actor: StaffActor,
  campaign: Campaign,
  { filters, typed, requestId }: { filters: InvitedFilters; typed: number | null; requestId: string },
): Promise<Refusal | null> {
  if (!mayRemind(campaign)) return 'changed'
  const { template, recipients } = await measureReminder(actor, campaign, filters)
  if (recipients === 0) return 'nobody'
  if (typed !== recipients) return 'wrong_number'
  if (!(await hasTested(actor, campaign, template))) return 'no_test_mail'
  const { id: campaignId, startsOn } = campaign
  return inTransaction(async (tx) => {
    if (!(await lockForMailing(tx, campaignId))) return 'changed'
    const id = await addMailing(tx, actor, { campaignId, place: null, template, recipients, startsOn, requestId })
    await tx.$executeRaw`
      insert into mailing_recipient (mailing_id, invitation_id)
      select ${id}::uuid, i.id from invitation i join person on person.id = i.person_id
      where ${toInvitedCondition(actor, campaign, filters)} and ${getsReminder(campaign)}`
    return null
  })
}

/** The next of those whom a reminder was prepared for, without those who need none any more. */
export const listChosen = (
  tx: Tx,
  campaign: Campaign,
  { mailingId, limit }: { mailingId: string; limit: number },
): Promise<Recipient[]> =>
  listRecipients(
    tx,
    Prisma.sql`i.id in (select invitation_id from mailing_recipient where mailing_id = ${mailingId}::uuid)
      and ${getsReminder(campaign)} and listed
      and not exists (select from mail m where m.invitation_id = i.id and m.mailing_id = ${mailingId}::uuid)`,
    { limit },
  )
