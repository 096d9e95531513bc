import { requireStaff } from '@/lib/auth/gates'
import { env } from '@/lib/config/env'
import { changePlan, makePlan } from '@/lib/exports/plan-commands'
import { savePlanDraft } from '@/lib/exports/plan-drafts'
import { findPlan } from '@/lib/exports/plan-queries'
import { parsePlan, typedPlan } from '@/lib/exports/plan-schema'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { findSystem } from '@/lib/systems/queries'

const pageOf = ({ system, plan }: { system: string; plan?: string }) =>
  `/staff/systems/${system}/files/${plan ? `${plan}/edit` : 'new'}`

/** Adds or changes files on a timetable, or leads back to the form with what is wrong and everything that was typed. */
export const POST = formRoute(
  'write',
  typedPlan,
  async ({ system: systemId, plan: planId, ...typed }, { requestId }) => {
    const actor = await requireStaff('manageSystems')
    const system = await findSystem(actor, systemId)
    if (!system) return seeOther('/staff/systems?note=gone')
    const plan = planId ? await findPlan(actor, systemId, planId) : null
    if (planId && plan?.state !== 'running' && plan?.state !== 'expired')
      return seeOther(`/staff/systems/${systemId}/files`)
    const parsed = await parsePlan(typed, { hasFolder: Boolean(env().exportFolder) })
    if ('faults' in parsed) {
      const draft = await savePlanDraft(actor, planId ?? systemId, { typed, ...parsed })
      return seeOther(`${pageOf({ system: systemId, plan: planId })}?draft=${draft}#wrong`)
    }
    if (planId) await changePlan(actor, planId, parsed.entry, requestId)
    const id = planId ?? (await makePlan(actor, systemId, parsed.entry, requestId))
    return seeOther(`/staff/systems/${systemId}/files/${id}?note=${planId ? 'saved' : 'made'}`)
  },
  { pageOf },
)
