import { z } from 'zod'
import { requireStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { releaseRestore } from '@/lib/restores/commands'

/** Lets a restored database be used as before. */
export const POST = formRoute('write', z.object({ sure: z.literal('yes') }), async (_fields, { requestId }) => {
  const actor = await requireStaff('releaseRestores')
  const outcome = await releaseRestore(actor, requestId)
  return seeOther(outcome === 'not_checked' ? '/staff/restored?note=not-checked' : '/staff/restored')
})
