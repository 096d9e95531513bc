import { z } from 'zod'
import { afterStep } from '@/app/staff/import/_components/step'
import { requireStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { releaseImport } from '@/lib/imports/saving-people'

/** Lets the leavers of a saved import count at once. */
export const POST = formRoute('write', z.object({ import: z.uuid() }), async ({ import: id }, { requestId }) => {
  const actor = await requireStaff('confirmImports')
  return afterStep(id, releaseImport(actor, id, requestId))
})
