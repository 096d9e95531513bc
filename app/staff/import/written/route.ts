import { z } from 'zod'
import { requireSaver } from '@/app/staff/import/_components/require-saver'
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
  const actor = await requireMemberStaff('writeAffiliations')
  if (line === undefined) await requireSaver(actor, id)
  return afterStep(id, undoWritten(actor, id, { line, requestId }))
})
