import { z } from 'zod'
import { approveLeavers } from '@/lib/affiliations/leavers'
import { requireStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'

/** An administrator's yes to everybody who is on today's list. */
export const POST = formRoute('write', z.object({ sure: z.literal('yes') }), async (_input, { requestId }) => {
  const actor = await requireStaff('approveLeavers')
  await approveLeavers(actor, requestId)
  return seeOther('/staff/leavers')
})
