import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { db } from '@/lib/db'
import { type PlanFault, planFaultCodes, planFields, type TypedPlan } from '@/lib/exports/plan-schema'

const draftMinutes = 60

const content = z.object({
  exportPlanOf: z.string(),
  typed: z.record(z.string(), z.string()),
  faults: z.array(z.object({ field: z.enum(planFields), code: z.enum(planFaultCodes) })),
})

export type PlanDraft = { typed: TypedPlan; faults: PlanFault[] }

/** Keeps what was typed with what is wrong about it. `of`: the plan, or the system of a new one. Returns the draft’s id. */
export async function savePlanDraft(actor: StaffActor, of: string, draft: PlanDraft): Promise<string> {
  const expiresAt = new Date(Date.now() + draftMinutes * 60_000)
  const { id } = await db().formDraft.create({
    data: { madeById: actor.staffId, content: { exportPlanOf: of, ...draft }, expiresAt },
    select: { id: true },
  })
  return id
}

/** The actor’s own draft, or null. */
export async function findPlanDraft(actor: StaffActor, of: string, id: string | null): Promise<PlanDraft | null> {
  if (!id || !z.uuid().safeParse(id).success) return null
  const row = await db().formDraft.findFirst({
    where: { id, madeById: actor.staffId, expiresAt: { gt: new Date() } },
    select: { content: true },
  })
  const found = content.safeParse(row?.content)
  return found.success && found.data.exportPlanOf === of ? found.data : null
}
