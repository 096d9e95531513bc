import { z } from 'zod'
import { requireSaver } from '@/app/staff/import/_components/require-saver'
import { afterStep } from '@/app/staff/import/_components/step'
import { requireStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { undoImport } from '@/lib/imports/commands'

/** Takes a saved import back. */
export const POST = formRoute('write', z.object({ import: z.uuid() }), async ({ import: id }, { requestId }) => {
  const actor = await requireStaff('importPeople')
  await requireSaver(actor, id)
  return afterStep(id, undoImport(actor, id, requestId))
})
