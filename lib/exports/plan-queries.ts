import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { toDay } from '@/lib/config/day'
import { db } from '@/lib/db'
import { type DeliveryFault, deliveryFaults } from '@/lib/exports/plan'
import type { PlanEntry } from '@/lib/exports/plan-schema'

const runFields = {
  id: true,
  dueAt: true,
  state: true,
  tries: true,
  nextTryAt: true,
  endedAt: true,
  name: true,
  rows: true,
  bytes: true,
  sha256: true,
  fault: true,
} as const

type RunRow = Awaited<ReturnType<typeof readRuns>>[number]
export type PlanRun = Omit<RunRow, 'fault'> & { fault: DeliveryFault | null }

const toFault = (fault: string | null) => deliveryFaults.find((each) => each === fault) ?? null
const toRun = (run: RunRow): PlanRun => ({ ...run, fault: toFault(run.fault) })

const readRuns = (planId: string, take: number) =>
  db().exportPlanRun.findMany({ where: { planId }, orderBy: { dueAt: 'desc' }, take, select: runFields })

const plansMax = 100

/** The plans of a system with their last runs, those that have ended last. */
export async function listPlans(_actor: StaffActor, systemId: string) {
  const rows = await db().exportPlan.findMany({
    where: { systemId },
    orderBy: [{ endedAt: { sort: 'desc', nulls: 'first' } }, { madeAt: 'desc' }],
    take: plansMax,
    include: { runs: { orderBy: { dueAt: 'desc' }, take: 1, select: runFields } },
  })
  return rows.map(({ runs: [last], ...row }) => ({ ...toPlan(row), last: last ? toRun(last) : null }))
}

export type Plan = ReturnType<typeof toPlan>

type PlanRow = NonNullable<Awaited<ReturnType<typeof readPlan>>>

function toPlan(row: Omit<PlanRow, 'system'>) {
  const { endsOn, sealedPrivateKey, madeById: _madeById, ...plan } = row
  const lastDay = endsOn.toISOString().slice(0, 10)
  const state = row.endedAt ? 'ended' : lastDay < toDay(new Date()) ? 'expired' : 'running'
  return { ...(plan as typeof plan & PlanEntry), endsOn: lastDay, hasKey: sealedPrivateKey !== null, state } as const
}

const readPlan = (id: string) => db().exportPlan.findUnique({ where: { id } })

/** A plan of a system, or null. */
export async function findPlan(_actor: StaffActor, systemId: string, id: string): Promise<Plan | null> {
  if (!z.uuid().safeParse(id).success || !z.uuid().safeParse(systemId).success) return null
  const row = await readPlan(id)
  return row?.systemId === systemId ? toPlan(row) : null
}

const runsMax = 50

/** The last runs of a plan, newest first. */
export async function listPlanRuns(_actor: StaffActor, planId: string): Promise<PlanRun[]> {
  return (await readRuns(planId, runsMax)).map(toRun)
}
