import { z } from 'zod'
import { requireStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { acknowledgeFailover } from '@/lib/restores/failovers'

/** Takes the notice about a failover from the overview. */
export const POST = formRoute('write', z.object({ failover: z.uuid() }), async ({ failover }, { requestId }) => {
  const actor = await requireStaff('releaseRestores')
  await acknowledgeFailover(actor, failover, requestId)
  return seeOther('/staff')
})
