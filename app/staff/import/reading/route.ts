import { z } from 'zod'
import { afterStep } from '@/app/staff/import/_components/step'
import { requireStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { rereadImport } from '@/lib/imports/commands'
import { encodings } from '@/lib/imports/encoding'
import { columnsMax } from '@/lib/imports/table'

const fields = z.object({
  import: z.uuid(),
  encoding: z.enum(encodings).optional(),
  order: z.enum(['day-first', 'month-first', '']).optional(),
  column: z.union([z.string().transform((one) => [one]), z.array(z.string().max(40)).max(columnsMax)]).optional(),
})

/** Reads a file again, as somebody says that it is to be read. */
export const POST = formRoute('write', fields, async ({ import: id, encoding, order, column }) => {
  const actor = await requireStaff('importPeople')
  return afterStep(id, rereadImport(actor, id, { encoding, mapping: column, dateOrder: order || undefined }))
})
