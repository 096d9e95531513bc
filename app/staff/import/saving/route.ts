import { z } from 'zod'
import { requireSaver } from '@/app/staff/import/_components/require-saver'
import { afterStep } from '@/app/staff/import/_components/step'
import { requireStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { saveImport } from '@/lib/imports/commands'

/** Saves what a preview shows, or holds it for a second administrator. */
export const POST = formRoute('write', z.object({ import: z.uuid() }), async ({ import: id }, { requestId }) => {
  const actor = await requireStaff('importPeople')
  await requireSaver(actor, id)
  return afterStep(id, saveImport(actor, id, requestId))
})
