import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import type { AuditAction } from '@/lib/audit/event'
import { approvalAbove, soleApprovalMs } from '@/lib/campaigns/campaign'
import { hasTested, suppressWaiting } from '@/lib/campaigns/commands'
import { measureCorrection } from '@/lib/campaigns/correction'
import { findStart, type Refusal } from '@/lib/campaigns/opening'
import type { Campaign } from '@/lib/campaigns/queries'
import { db, inTransaction, type Prisma, type Tx, toSqlTime } from '@/lib/db'

type Asked = { id: string; requestId: string }

const found = {
  id: true,
  campaignId: true,
  step: true,
  state: true,
  template: true,
  recipients: true,
  confirmedById: true,
  confirmedAt: true,
  startsAt: true,
  endedAt: true,
  correctsId: true,
  campaign: { select: { startsOn: true, state: true } },
} satisfies Prisma.MailingSelect

type Mailing = Prisma.MailingGetPayload<{ select: typeof found }>

/** A mailing, or null. */
export async function findMailing(id: string): Promise<Mailing | null> {
  return z.uuid().safeParse(id).success ? db().mailing.findUnique({ where: { id }, select: found }) : null
}

/** Whether the actor may agree to a mailing: not to their own, unless there is nobody else and an hour has passed. */
export async function mayApprove(
  actor: StaffActor,
  { state, confirmedById, confirmedAt }: Pick<Mailing, 'state' | 'confirmedById' | 'confirmedAt'>,
): Promise<'yes' | 'another' | 'later' | 'no'> {
  if (actor.role !== 'admin' || state !== 'to_be_approved' || confirmedById === null) return 'no'
  if (confirmedById !== actor.staffId) return 'yes'
  if ((await db().staffMember.count({ where: { role: 'admin', endedAt: null } })) > 1) return 'another'
  return Date.now() - confirmedAt.getTime() >= soleApprovalMs ? 'yes' : 'later'
}

/** A second administrator agrees: half an hour later the first mails go out. False if they may not. */
export async function approveMailing(actor: StaffActor, { id, requestId }: Asked): Promise<boolean> {
  const mailing = await findMailing(id)
  if (!mailing || (await mayApprove(actor, mailing)) !== 'yes') return false
  return inTransaction(async (tx) => {
    const startsAt = await findStart(tx, mailing.campaign.startsOn?.toISOString().slice(0, 10) ?? null)
    const data = { state: 'first', approvedById: actor.staffId, approvedAt: new Date(), startsAt } as const
    return change(tx, actor, {
      mailing,
      from: ['to_be_approved'],
      data,
      action: 'campaign.mailing_approved',
      requestId,
    })
  })
}

/** Stops a mailing: what waits is left out, and the timetable does not open its step again. */
export async function stopMailing(actor: StaffActor, { id, requestId }: Asked): Promise<boolean> {
  const mailing = await findMailing(id)
  if (!mailing) return false
  return inTransaction(async (tx) => {
    const data = { state: 'stopped', endedAt: new Date() } as const
    const from = ['to_be_approved', 'first', 'to_be_looked_at', 'sending'] as const
    if (!(await change(tx, actor, { mailing, from, data, action: 'campaign.mailing_stopped', requestId }))) return false
    await suppressWaiting(tx, { mailingId: id }, 'stopped')
    return true
  })
}

/** Somebody has looked at the bounces of the first mails: the others go out. */
export async function continueMailing(actor: StaffActor, { id, requestId }: Asked): Promise<boolean> {
  const mailing = await findMailing(id)
  if (!mailing) return false
  return inTransaction((tx) => {
    const data = { state: 'sending', lookedAtById: actor.staffId, lookedAt: new Date() } as const
    const action = 'campaign.mailing_continued'
    return change(tx, actor, { mailing, from: ['to_be_looked_at'], data, action, requestId })
  })
}

type Change = {
  mailing: Mailing
  from: readonly Mailing['state'][]
  data: Prisma.MailingUncheckedUpdateManyInput
  action: AuditAction
  requestId: string
}

async function change(tx: Tx, actor: StaffActor, { mailing, from, data, action, requestId }: Change): Promise<boolean> {
  const { count } = await tx.mailing.updateMany({ where: { id: mailing.id, state: { in: [...from] } }, data })
  const detail = { campaignId: mailing.campaignId, mailingId: mailing.id, step: mailing.step }
  if (count > 0) await recordEvent(tx, actor, { action, requestId, detail })
  return count > 0
}

/**
 * Takes a step back: its links are revoked, what waits is left out, its step counts as not sent, and a correction to
 * those who got it is prepared, which an administrator confirms.
 */
export async function takeBackMailing(actor: StaffActor, { id, requestId }: Asked): Promise<boolean> {
  const mailing = await findMailing(id)
  if (!mailing || mailing.step === null) return false
  return inTransaction(async (tx) => {
    const data = { state: 'taken_back', endedAt: new Date() } as const
    const from = ['first', 'to_be_looked_at', 'sending', 'done', 'stopped'] as const
    if (!(await change(tx, actor, { mailing, from, data, action: 'campaign.mailing_taken_back', requestId })))
      return false
    await suppressWaiting(tx, { mailingId: id }, 'taken_back')
    await tx.$executeRaw`
      update invitation_link l set revoked_at = now()
      where l.revoked_at is null and l.email is not null
        and l.made_at >= ${toSqlTime(mailing.confirmedAt)} and l.made_at <= coalesce(${toSqlTime(mailing.endedAt)}, now())
        and exists (select from mail m where m.invitation_id = l.invitation_id and m.mailing_id = ${id}::uuid)`
    await tx.$executeRaw`
      with got as (select distinct invitation_id as id from mail where mailing_id = ${id}::uuid and sending_at is not null)
      update invitation i set times = 0, step = coalesce((
        select max(g.step) from mail m join mailing g on g.id = m.mailing_id
        where m.invitation_id = i.id and g.state <> 'taken_back' and m.state in ('sending', 'sent', 'perhaps_sent', 'withheld')), 0)
      from got where i.id = got.id`
    const recipients = await tx.mail.count({
      where: { mailingId: id, state: { in: ['sending', 'sent', 'perhaps_sent', 'withheld'] } },
    })
    if (recipients === 0) return true
    await tx.mailing.create({
      data: {
        campaignId: mailing.campaignId,
        template: 'correction',
        correctsId: id,
        recipients,
        state: 'to_be_approved',
      },
    })
    return true
  })
}

/** Confirms a prepared correction with the number of its recipients, after a test mail. */
export async function confirmCorrection(
  actor: StaffActor,
  campaign: Campaign,
  { id, typed, requestId }: Asked & { typed: number | null },
): Promise<Refusal | null> {
  const mailing = await findMailing(id)
  if (mailing?.state !== 'to_be_approved' || mailing.confirmedById !== null) return 'changed'
  const { recipients } = await measureCorrection({ correctsId: mailing.correctsId, mailingId: id })
  if (recipients === 0) return 'nobody'
  if (typed !== recipients) return 'wrong_number'
  if (!(await hasTested(actor, campaign, mailing.template))) return 'no_test_mail'
  const needsSecond = recipients > approvalAbove
  return inTransaction(async (tx) => {
    const { count } = await tx.mailing.updateMany({
      where: { id, state: 'to_be_approved', confirmedById: null },
      data: {
        recipients,
        confirmedById: actor.staffId,
        confirmedAt: new Date(),
        ...(needsSecond ? {} : { state: 'first', startsAt: await findStart(tx, null) }),
      },
    })
    if (count === 0) return 'changed'
    const { campaignId, step } = mailing
    const detail = { campaignId, mailingId: id, step, recipients }
    await recordEvent(tx, actor, { action: 'campaign.mailing_confirmed', requestId, detail })
    return null
  })
}
