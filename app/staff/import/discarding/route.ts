import { z } from 'zod'
import { afterStep } from '@/app/staff/import/_components/step'
import { requireStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { discardImport } from '@/lib/imports/commands'

/** Forgets a file of which nothing was saved. */
export const POST = formRoute('write', z.object({ import: z.uuid() }), async ({ import: id }, { requestId }) => {
  const actor = await requireStaff('importPeople')
  return afterStep(id, discardImport(actor, id, requestId))
})
