import { z } from 'zod'
import { requireStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { deleteView } from '@/lib/people/saved-views'

/** Deletes a saved view; the people on it stay as they are. */
export const POST = formRoute('write', z.object({ view: z.uuid() }), async ({ view }) => {
  const actor = await requireStaff('seePeople')
  await deleteView(actor, view)
  return seeOther('/staff/people?note=view-deleted#views')
})
