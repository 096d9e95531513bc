import { z } from 'zod'
import { afterStep } from '@/app/staff/import/_components/step'
import { requireMemberStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { undoWritten } from '@/lib/imports/undoing-affiliations'

const fields = z.object({
  import: z.uuid(),
  line: z.coerce.number().int().min(1).optional(),
  sure: z.literal('yes'),
})

/** Undoes what an undone import had written to ORCID: one entry, or all. */
export const POST = formRoute('write', fields, async ({ import: id, line }, { requestId }) => {
  const actor = await requireMemberStaff('manager')
  return afterStep(id, undoWritten(actor, id, { line, requestId }))
})
