import 'server-only'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import { today } from '@/lib/campaigns/asking'
import { db, inTransaction, Prisma, queryRows, type Tx } from '@/lib/db'
import { findDeliveryPlan, openDestination } from '@/lib/exports/delivery'
import { DeliveryError, type DeliveryFault, planMonths } from '@/lib/exports/plan'
import { makePlanKey } from '@/lib/exports/plan-key'
import { nextDue } from '@/lib/exports/plan-runs'
import type { PlanEntry } from '@/lib/exports/plan-schema'
import { enqueueJob } from '@/lib/jobs/queue'

const endsIn = () => Prisma.sql`(${today()}::date + make_interval(months => ${planMonths}::int))::date`

/** Adds a plan of files for a system, for 12 months. Returns its id. */
export function makePlan(actor: StaffActor, systemId: string, entry: PlanEntry, requestId: string): Promise<string> {
  const id = randomUUID()
  return inTransaction(async (tx) => {
    const key = entry.place === 'sftp' ? makePlanKey(id) : {}
    const [endsOn, nextAt] = [new Date(), new Date()]
    await tx.exportPlan.create({ data: { id, systemId, ...entry, ...key, endsOn, nextAt, madeById: actor.staffId } })
    await tx.$executeRaw`update export_plan set ends_on = ${endsIn()}, next_at = ${nextDue(entry)} where id = ${id}::uuid`
    const { system } = await findSystemOf(tx, id)
    await recordEvent(tx, actor, { action: 'file_plan.made', requestId, detail: { planId: id, systemId, system } })
    return id
  })
}

/** Changes a plan. Another server has to show its host key first. */
export async function changePlan(
  actor: StaffActor,
  planId: string,
  entry: PlanEntry,
  requestId: string,
): Promise<void> {
  await inTransaction(async (tx) => {
    await tx.$executeRaw`select from export_plan where id = ${planId}::uuid for update`
    const before = await tx.exportPlan.findUnique({ where: { id: planId } })
    if (!before || before.endedAt) return
    const isSameServer = before.host === entry.host && before.port === entry.port
    const forgetHost = isSameServer ? {} : { hostKey: null, offeredHostKey: null }
    const key = entry.place === 'sftp' && !before.sealedPrivateKey ? makePlanKey(planId) : {}
    await tx.exportPlan.update({ where: { id: planId }, data: { ...entry, ...forgetHost, ...key } })
    await tx.$executeRaw`update export_plan set next_at = ${nextDue(entry)} where id = ${planId}::uuid`
    const { systemId, system } = await findSystemOf(tx, planId)
    await recordEvent(tx, actor, { action: 'file_plan.changed', requestId, detail: { planId, systemId, system } })
  })
}

/** For another 12 months from today, also after the end. */
export async function renewPlan(actor: StaffActor, planId: string, requestId: string): Promise<void> {
  await inTransaction(async (tx) => {
    const plan = await tx.exportPlan.findUnique({ where: { id: planId } })
    if (!plan || plan.endedAt) return
    await tx.$executeRaw`
      update export_plan set ends_on = ${endsIn()}, told_days = null,
        next_at = case when next_at < now() then ${nextDue(plan)} else next_at end
      where id = ${planId}::uuid`
    const { systemId, system } = await findSystemOf(tx, planId)
    await recordEvent(tx, actor, { action: 'file_plan.renewed', requestId, detail: { planId, systemId, system } })
  })
}

/** No file is made any more; idempotent. */
export async function endPlan(actor: StaffActor, planId: string, requestId: string): Promise<void> {
  await inTransaction(async (tx) => {
    const { count } = await tx.exportPlan.updateMany({
      where: { id: planId, endedAt: null },
      data: { endedAt: new Date(), sealedPrivateKey: null },
    })
    if (count === 0) return
    const { systemId, system } = await findSystemOf(tx, planId)
    await recordEvent(tx, actor, { action: 'file_plan.ended', requestId, detail: { planId, systemId, system } })
  })
}

/** A file now, besides those of the timetable. False if one is being made. */
export function askForFile(actor: StaffActor, planId: string, requestId: string): Promise<boolean> {
  return inTransaction(async (tx) => {
    await tx.$executeRaw`select from export_plan where id = ${planId}::uuid for update`
    const plan = await tx.exportPlan.findUnique({ where: { id: planId }, select: { endedAt: true } })
    const running = await tx.exportPlanRun.count({ where: { planId, state: { in: ['waiting', 'running'] } } })
    if (!plan || plan.endedAt || running > 0) return false
    await tx.exportPlanRun.create({ data: { planId, dueAt: new Date() } })
    await enqueueJob(tx, 'make-files', { key: 'make-files' })
    const { systemId, system } = await findSystemOf(tx, planId)
    await recordEvent(tx, actor, { action: 'file_plan.asked', requestId, detail: { planId, systemId, system } })
    return true
  })
}

/** Signs in at the server without sending a file. Null if all is well. */
export async function checkPlan(_actor: StaffActor, planId: string): Promise<DeliveryFault | null> {
  const plan = await findDeliveryPlan(planId)
  if (!plan) return 'unknown'
  try {
    ;(await openDestination(plan)).close()
    return null
  } catch (error) {
    if (error instanceof DeliveryError) return error.fault
    throw error
  }
}

/** Trusts the host key that the page showed, if the server has not shown another since. */
export function confirmHostKey(
  actor: StaffActor,
  planId: string,
  hostKey: string,
  requestId: string,
): Promise<boolean> {
  return inTransaction(async (tx) => {
    const { count } = await tx.exportPlan.updateMany({
      where: { id: planId, offeredHostKey: hostKey, endedAt: null },
      data: { hostKey },
    })
    if (count === 0) return false
    const { systemId, system } = await findSystemOf(tx, planId)
    await recordEvent(tx, actor, {
      action: 'file_plan.host_key_confirmed',
      requestId,
      detail: { planId, systemId, system, hostKey },
    })
    return true
  })
}

/** Another key pair, where the old one is lost or leaked. The server has to be told of its public part. */
export async function renewPlanKey(actor: StaffActor, planId: string, requestId: string): Promise<void> {
  await inTransaction(async (tx) => {
    const where = { id: planId, place: 'sftp' as const, endedAt: null }
    const { count } = await tx.exportPlan.updateMany({ where, data: makePlanKey(planId) })
    if (count === 0) return
    const { systemId, system } = await findSystemOf(tx, planId)
    await recordEvent(tx, actor, { action: 'file_plan.key_made', requestId, detail: { planId, systemId, system } })
  })
}

async function findSystemOf(tx: Tx, planId: string): Promise<{ systemId: string; system: string }> {
  const { systemId, system } = await tx.exportPlan.findUniqueOrThrow({
    where: { id: planId },
    select: { systemId: true, system: { select: { name: true } } },
  })
  return { systemId, system: system.name }
}

/** How many plans need somebody: their last file failed. `href`: the page of the only one, or of the systems. */
export async function countFailedPlans(): Promise<{ count: number; newestAt: Date | null; href: string }> {
  const [row] = await queryRows(
    db(),
    z.object({ count: z.number(), newestAt: z.date().nullable(), page: z.string().nullable() }),
    Prisma.sql`
    select count(*)::int as count, max(r.ended_at) as "newestAt",
      case when count(*) = 1 then min(p.system_id || '/files/' || p.id) end as page
    from export_plan p cross join lateral (
      select state, ended_at from export_plan_run where plan_id = p.id and state in ('done', 'failed')
      order by due_at desc limit 1) r
    where p.ended_at is null and p.ends_on >= ${today()}::date and r.state = 'failed'`,
  )
  const page = row?.page ? `/${row.page}` : ''
  return { count: row?.count ?? 0, newestAt: row?.newestAt ?? null, href: `/staff/systems${page}` }
}
