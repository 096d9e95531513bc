import 'server-only'
import { z } from 'zod'
import { system } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import { today } from '@/lib/campaigns/asking'
import { env } from '@/lib/config/env'
import { db, inTransaction, isDatabaseUnavailable, Prisma, queryRows, type Tx } from '@/lib/db'
import { deliver, findDeliveryPlan } from '@/lib/exports/delivery'
import { DeliveryError, type DeliveryFault, needsSomebody, tellDays } from '@/lib/exports/plan'
import { log } from '@/lib/log'
import { tellAdministrators } from '@/lib/mail/file-notice'
import { findApiActor } from '@/lib/systems/authentication'

/** A process that takes longer is taken for dead, and another one begins anew. */
const claimedMinutes = 60
const triesMax = 4
/** After the first, second and third failure. */
const waitMinutes = [5, 30, 120]
const busyMinutes = 1

/** SQL: the next time after `after` at which a plan is due, in the institution's time zone. */
export const nextDue = (
  plan: { every: string; weekday: number | null; hour: number },
  after: Prisma.Sql = Prisma.sql`now()`,
): Prisma.Sql => {
  const zone = env().institution.timeZone
  return Prisma.sql`(
    select min(at) from (
      select (day + make_interval(hours => ${plan.hour}::int)) at time zone ${zone}::text as at
      from generate_series((${after} at time zone ${zone}::text)::date::timestamp,
        (${after} at time zone ${zone}::text)::date::timestamp + interval '8 days', interval '1 day') as day
      where ${plan.every} = 'daily' or extract(isodow from day) = ${plan.weekday}::int) as days
    where at > ${after})`
}

/** Makes the files that are due, tries again those that failed, and says when a plan is about to end. */
export async function makeFiles(): Promise<void> {
  await tellOfEnds()
  const due = await queryRows(
    db(),
    z.object({ id: z.string() }),
    Prisma.sql`
      select id::text from export_plan where next_at <= now() and ended_at is null and ends_on >= ${today()}::date
      order by next_at`,
  )
  for (const { id } of due) await planRun(id)
  for (;;) {
    const runId = await claimRun()
    if (!runId) return
    await makeFile(runId)
  }
}

/** One run for each time that was due. Those that went by while no worker ran are made up for by one. */
async function planRun(id: string): Promise<void> {
  await inTransaction(async (tx) => {
    const [plan] = await queryRows(
      tx,
      z.object({ every: z.string(), weekday: z.number().nullable(), hour: z.number(), nextAt: z.date() }),
      Prisma.sql`
        select every::text, weekday, hour, next_at as "nextAt" from export_plan
        where id = ${id}::uuid and next_at <= now() and ended_at is null for update skip locked`,
    )
    if (!plan) return
    await tx.exportPlanRun.createMany({ data: [{ planId: id, dueAt: plan.nextAt }], skipDuplicates: true })
    await tx.$executeRaw`update export_plan set next_at = ${nextDue(plan)} where id = ${id}::uuid`
  })
}

/** Claims a run that waits, or whose process has died. */
async function claimRun(): Promise<string | null> {
  const [claimed] = await queryRows(
    db(),
    z.object({ id: z.string() }),
    Prisma.sql`
      update export_plan_run set state = 'running', tries = tries + 1,
        claimed_until = now() + make_interval(mins => ${claimedMinutes}::int)
      where id = (
        select id from export_plan_run
        where (state = 'waiting' and next_try_at <= now()) or (state = 'running' and claimed_until < now())
        order by next_try_at limit 1 for update skip locked)
      returning id::text`,
  )
  return claimed?.id ?? null
}

async function makeFile(runId: string): Promise<void> {
  const run = await db().exportPlanRun.findUniqueOrThrow({ where: { id: runId } })
  const plan = await findDeliveryPlan(run.planId)
  const actor = plan && !plan.endedAt ? await findApiActor(db(), plan.systemId) : null
  if (!plan || !actor) {
    await endRun(runId, { state: 'skipped', fault: 'system_stopped' })
    return
  }
  try {
    const delivered = await deliver(plan, actor, run.dueAt)
    if (delivered) await endRun(runId, { state: 'done', fault: null, ...delivered })
    else await tryAgain(runId, busyMinutes, { tries: run.tries - 1 })
  } catch (error) {
    if (isDatabaseUnavailable(error)) throw error
    const fault = error instanceof DeliveryError ? error.fault : 'unknown'
    log().warn({ planId: plan.id, runId, fault, err: error }, 'a file on a timetable was not delivered')
    await noteFailure(run, { id: plan.id, systemId: plan.systemId, systemName: actor.name }, fault)
  }
}

const endRun = (id: string, data: Prisma.ExportPlanRunUpdateInput) =>
  db().exportPlanRun.update({ where: { id }, data: { ...data, endedAt: new Date(), claimedUntil: null } })

async function tryAgain(id: string, minutes: number, data: Prisma.ExportPlanRunUpdateInput): Promise<void> {
  const nextTryAt = new Date(Date.now() + minutes * 60_000)
  await db().exportPlanRun.update({ where: { id }, data: { ...data, state: 'waiting', nextTryAt, claimedUntil: null } })
}

async function noteFailure(
  run: { id: string; tries: number },
  plan: { id: string; systemId: string; systemName: string },
  fault: DeliveryFault,
): Promise<void> {
  const isOver = run.tries >= triesMax || needsSomebody.includes(fault)
  if (!isOver) return tryAgain(run.id, waitMinutes[run.tries - 1] ?? 120, { fault })
  await inTransaction(async (tx) => {
    const data = { state: 'failed', fault, endedAt: new Date(), claimedUntil: null } as const
    await tx.exportPlanRun.update({ where: { id: run.id }, data })
    const { id: planId, systemId, systemName } = plan
    const detail = { planId, systemId, system: systemName, fault }
    await recordEvent(tx, system, { action: 'file_plan.failed', detail })
    await tellAdministrators(tx, { about: 'failed', planId, systemId, system: systemName, fault })
  })
}

/** 30 and 7 days before the end of a plan, once each. */
async function tellOfEnds(): Promise<void> {
  for (const days of tellDays) await inTransaction((tx) => tellOfEnd(tx, days))
}

async function tellOfEnd(tx: Tx, days: number): Promise<void> {
  const ending = await queryRows(
    tx,
    z.object({ planId: z.string(), systemId: z.string(), system: z.string(), day: z.string() }),
    Prisma.sql`
      update export_plan p set told_days = ${days} from system s
      where s.id = p.system_id and p.ended_at is null and (p.told_days is null or p.told_days > ${days})
        and p.ends_on between ${today()}::date and ${today()}::date + ${days}::int
      returning p.id::text as "planId", p.system_id::text as "systemId", s.name as system, p.ends_on::text as day`,
  )
  for (const plan of ending) await tellAdministrators(tx, { about: 'ending', ...plan })
}
