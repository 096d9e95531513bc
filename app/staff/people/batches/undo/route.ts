import { z } from 'zod'
import { undoBatch } from '@/lib/affiliations/batches'
import { requireStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'

/** Undoes a batch, as the dry run has shown. */
export const POST = formRoute('write', z.object({ batch: z.uuid() }), async ({ batch: id }, { requestId }) => {
  const actor = await requireStaff('manager')
  await undoBatch(actor, { id, requestId })
  return seeOther(`/staff/people/batches/${id}`)
})
