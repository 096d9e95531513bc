import { z } from 'zod'
import { requireStaff } from '@/lib/auth/gates'
import { askForFile, checkPlan, confirmHostKey, endPlan, renewPlan, renewPlanKey } from '@/lib/exports/plan-commands'
import { findPlan } from '@/lib/exports/plan-queries'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'

const fields = z.object({
  system: z.uuid(),
  plan: z.uuid(),
  action: z.enum(['run', 'check', 'trust', 'key', 'renew', 'end']),
  hostKey: z.string().max(100).optional(),
  sure: z.literal('yes').optional(),
})

/** Makes a file now, checks the server, trusts its key, makes another of ours, renews or ends. */
export const POST = formRoute('write', fields, async ({ system, plan, action, hostKey, sure }, { requestId }) => {
  const actor = await requireStaff('manageSystems')
  const page = `/staff/systems/${system}/files/${plan}`
  const found = await findPlan(actor, system, plan)
  if (!found) return seeOther(`/staff/systems/${system}`)
  if (found.state === 'ended') return seeOther(page)
  switch (action) {
    case 'run':
      return seeOther(`${page}?note=${(await askForFile(actor, plan, requestId)) ? 'asked' : 'running'}`)
    case 'check': {
      const fault = await checkPlan(actor, plan)
      return seeOther(fault ? `${page}?fault=${fault}` : `${page}?note=works`)
    }
    case 'trust': {
      if (!sure) return seeOther(page)
      const isTrusted = await confirmHostKey(actor, plan, hostKey ?? '', requestId)
      return seeOther(`${page}?note=${isTrusted ? 'trusted' : 'other-key'}`)
    }
    case 'key':
      if (sure) await renewPlanKey(actor, plan, requestId)
      return seeOther(sure ? `${page}?note=key` : page)
    case 'renew':
      await renewPlan(actor, plan, requestId)
      return seeOther(`${page}?note=renewed`)
    case 'end':
      if (sure) await endPlan(actor, plan, requestId)
      return seeOther(sure ? `${page}?note=ended` : page)
  }
})
