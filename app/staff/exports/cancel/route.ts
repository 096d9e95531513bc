import { z } from 'zod'
import { requireStaff } from '@/lib/auth/gates'
import { cancelRun } from '@/lib/exports/runs'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'

/** Stops a file that is being written, whoever began it. */
export const POST = formRoute('write', z.object({ run: z.uuid() }), async ({ run }, { requestId }) => {
  const actor = await requireStaff('chooseExports')
  const stopping = await cancelRun(actor, run, requestId)
  return seeOther(stopping ? '/staff/exports?note=stopping&watch#runs' : '/staff/exports?note=over#runs')
})
