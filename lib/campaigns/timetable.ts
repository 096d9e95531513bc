import 'server-only'
import { system } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import { firstMails, type PlacedStep, waitMs } from '@/lib/campaigns/campaign'
import { closeCampaign } from '@/lib/campaigns/commands'
import { listReached } from '@/lib/campaigns/correction'
import { inviteWhoeverIsNew } from '@/lib/campaigns/newcomers'
import { hasActive, lockForMailing } from '@/lib/campaigns/opening'
import { type Campaign, findCampaign, listOpenCampaigns } from '@/lib/campaigns/queries'
import { listChosen } from '@/lib/campaigns/reminding'
import { listDue, measureStep, noteSentMails } from '@/lib/campaigns/steps'
import { toDay } from '@/lib/config/day'
import { db, inTransaction, type Tx } from '@/lib/db'
import { log } from '@/lib/log'
import { enqueueMails } from '@/lib/mail/outbox'

/** In the outbox of one mailing at once. The next ones follow when these have gone. */
const waitingMax = 1_000

/** Between two mailings of one step that the timetable opens. */
const everyMs = 20 * 3_600_000

/** Closes campaigns whose last day is over, invites who is new, and opens the steps that are due as mailings. */
export async function runCampaigns(now = new Date()): Promise<void> {
  const over = await db().campaign.findMany({
    where: { state: { in: ['open', 'paused'] }, endsOn: { lt: new Date(toDay(now)) } },
    select: { id: true },
  })
  for (const { id } of over) await closeCampaign(system, id)
  await advanceMailings(now)
  for (const { id, audience, mailMerge } of await listOpenCampaigns()) {
    try {
      if (audience === null) continue
      await noteSentMails(id)
      const campaign = await findCampaign(id)
      if (campaign) await inviteWhoeverIsNew(campaign)
      if (!mailMerge) await openDueStep(id, now)
    } catch (error) {
      log().error({ campaignId: id, err: error }, 'failed to advance a campaign')
    }
  }
}

/** Opens the first step that somebody should get, unless a mailing of the campaign is under way. */
async function openDueStep(campaignId: string, now: Date): Promise<void> {
  const campaign = await findCampaign(campaignId)
  if (campaign?.state !== 'open' || !campaign.invitedAt) return
  for (const step of campaign.steps) {
    if (!(await mayOpen(campaign, step, now))) continue
    const { recipients } = await measureStep(campaign, step)
    if (recipients === 0) continue
    await inTransaction(async (tx) => {
      if (!(await lockForMailing(tx, campaignId)) || !(await mayOpen(campaign, step, now, tx))) return
      const { id: mailingId } = await tx.mailing.create({
        data: {
          campaignId,
          step: step.place,
          template: step.template,
          recipients,
          state: 'first',
          startsAt: new Date(now.getTime() + waitMs),
        },
        select: { id: true },
      })
      const detail = { campaignId, mailingId, step: step.place, recipients }
      await recordEvent(tx, system, { action: 'campaign.mailing_opened', detail })
    })
    return
  }
}

/** Not while one is under way, not twice a day, and not what somebody stopped or took back. */
async function mayOpen({ id }: Campaign, { place }: PlacedStep, now: Date, tx: Tx = db()): Promise<boolean> {
  if (await hasActive(tx, id)) return false
  const last = await tx.mailing.findFirst({
    where: { campaignId: id, step: place },
    orderBy: { confirmedAt: 'desc' },
    select: { state: true, confirmedAt: true },
  })
  if (!last) return true
  return last.state === 'done' && last.confirmedAt.getTime() <= now.getTime() - everyMs
}

/** Puts the next mails of each mailing that may go out into the outbox. Returns how many. */
export async function advanceMailings(now = new Date()): Promise<number> {
  const mailings = await db().mailing.findMany({
    where: {
      state: { in: ['first', 'sending'] },
      startsAt: { lte: now },
      OR: [{ campaign: { state: 'open' } }, { correctsId: { not: null }, campaign: { state: { not: 'closed' } } }],
    },
    orderBy: { confirmedAt: 'asc' },
    select: { id: true, campaignId: true },
  })
  let enqueued = 0
  for (const { id, campaignId } of mailings) {
    const campaign = await findCampaign(campaignId)
    if (campaign && (campaign.invitedAt || campaign.audience === null)) enqueued += await advance(id, campaign)
  }
  return enqueued
}

/** The first mails, then the others once somebody has looked; the next ones when none waits. */
function advance(id: string, campaign: Campaign): Promise<number> {
  return inTransaction(async (tx) => {
    await tx.$queryRaw`select 1 from mailing where id = ${id}::uuid for update`
    const mailing = await tx.mailing.findUnique({ where: { id } })
    if (!mailing || (mailing.state !== 'first' && mailing.state !== 'sending')) return 0
    const { state, recipients } = mailing
    if ((await tx.mail.count({ where: { mailingId: id, state: { in: ['waiting', 'sending'] } } })) > 0) return 0
    const made = await tx.mail.count({ where: { mailingId: id } })
    if (state === 'first' && made > 0) {
      const isAll = made < firstMails || made >= recipients
      await tx.mailing.update({
        where: { id },
        data: isAll ? { state: 'done', endedAt: new Date() } : { state: 'to_be_looked_at' },
      })
      return 0
    }
    const limit = Math.min(recipients - made, state === 'first' ? firstMails : waitingMax)
    const added = limit > 0 ? await enqueue(tx, campaign, mailing, limit) : 0
    if (added === 0) await tx.mailing.update({ where: { id }, data: { state: 'done', endedAt: new Date() } })
    return added
  })
}

type Enqueued = { id: string; step: number | null; template: string; correctsId: string | null }

async function enqueue(tx: Tx, campaign: Campaign, mailing: Enqueued, limit: number): Promise<number> {
  const { id: mailingId, template, correctsId } = mailing
  const step = campaign.steps.find(({ place }) => place === mailing.step)
  const people = step
    ? await listDue(tx, campaign, step, { limit, mailingId })
    : correctsId
      ? await listReached(tx, { mailingId, correctsId, limit })
      : await listChosen(tx, campaign, { mailingId, limit })
  await enqueueMails(
    tx,
    people.map(({ id, invitationId, locale }) => ({
      kind: correctsId ? ('correction' as const) : ('invitation' as const),
      template,
      locale,
      personId: id,
      invitationId,
      mailingId,
    })),
  )
  return people.length
}
