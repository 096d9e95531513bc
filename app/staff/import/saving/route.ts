import { z } from 'zod'
import { afterStep } from '@/app/staff/import/_components/step'
import { requireStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { saveImport } from '@/lib/imports/commands'
import { findImport } from '@/lib/imports/queries'

/** Saves what a preview shows, or holds it for a second administrator. */
export const POST = formRoute('write', z.object({ import: z.uuid() }), async ({ import: id }, { requestId }) => {
  const actor = await requireStaff('importPeople')
  if ((await findImport(actor, id))?.complete) await requireStaff('saveCompleteRosters')
  return afterStep(id, saveImport(actor, id, requestId))
})
