import { z } from 'zod'
import { findBatch } from '@/lib/affiliations/batch-queries'
import { undoBatch } from '@/lib/affiliations/batches'
import { requireStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { manyItems } from '@/lib/staff/abilities'

/** Undoes a batch, as the dry run has shown. */
export const POST = formRoute('write', z.object({ batch: z.uuid() }), async ({ batch: id }, { requestId }) => {
  const actor = await requireStaff('changeMany')
  const done = (await findBatch(actor, id))?.counts.done ?? 0
  if (done > manyItems) await requireStaff('writeMany')
  await undoBatch(actor, { id, requestId })
  return seeOther(`/staff/people/batches/${id}`)
})
