import { z } from 'zod'
import { requireSaver } from '@/app/staff/import/_components/require-saver'
import { afterStep } from '@/app/staff/import/_components/step'
import { requireStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { confirmImport } from '@/lib/imports/commands'

const number = z
  .string()
  .default('')
  .transform((text) => (/^\d{1,7}$/.test(text.trim()) ? Number(text) : null))

/** The second administrator's word for a doubtful import. */
export const POST = formRoute(
  'write',
  z.object({ import: z.uuid(), added: number, leaving: number }),
  async ({ import: id, ...typed }, { requestId }) => {
    const actor = await requireStaff('confirmImports')
    await requireSaver(actor, id)
    return afterStep(id, confirmImport(actor, id, typed, requestId))
  },
)
