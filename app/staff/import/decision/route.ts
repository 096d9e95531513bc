import { z } from 'zod'
import { afterStep } from '@/app/staff/import/_components/step'
import { requireStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { decideRows } from '@/lib/imports/commands'

const fields = z.object({
  import: z.uuid(),
  line: z.coerce.number().int().min(1).optional(),
  decision: z.enum(['same', 'added']),
})

/** Says whether a row, or all alike, mean somebody who is here. */
export const POST = formRoute('write', fields, async ({ import: id, line, decision }) => {
  const actor = await requireStaff('importPeople')
  return afterStep(id, decideRows(actor, id, { line, decision }))
})
