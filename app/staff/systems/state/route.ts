import { z } from 'zod'
import { requireStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { startSystem, stopSystem } from '@/lib/systems/commands'

const fields = z.object({ system: z.uuid(), action: z.enum(['stop', 'start']), sure: z.literal('yes').optional() })

/** Stops a system, or lets it in again. */
export const POST = formRoute('write', fields, async ({ system, action, sure }, { requestId }) => {
  const actor = await requireStaff('manageSystems')
  const page = `/staff/systems/${system}`
  if (action === 'start') {
    await startSystem(actor, system, requestId)
    return seeOther(`${page}?note=started`)
  }
  if (!sure) return seeOther(page)
  await stopSystem(actor, system, requestId)
  return seeOther(`${page}?note=stopped`)
})
