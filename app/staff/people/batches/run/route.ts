import { z } from 'zod'
import { findBatch } from '@/lib/affiliations/batch-queries'
import { runBatch } from '@/lib/affiliations/batches'
import { requireStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { manyItems } from '@/lib/staff/abilities'

const fields = z.object({ batch: z.uuid(), first: z.literal('yes').optional() })

/** Writes what a preview has shown: of many the first ten, and the others when asked to go on. */
export const POST = formRoute('write', fields, async ({ batch: id, first }, { requestId }) => {
  const actor = await requireStaff('changeMany')
  const counts = (await findBatch(actor, id))?.counts
  if (counts && counts.planned + counts.done > manyItems) await requireStaff('writeMany')
  await runBatch(actor, { id, isFirst: first === 'yes', requestId })
  return seeOther(`/staff/people/batches/${id}`)
})
