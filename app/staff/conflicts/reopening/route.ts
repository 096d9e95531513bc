import { z } from 'zod'
import { faultOf, readReason, seeConflict } from '@/app/staff/conflicts/_components/answers'
import { requireStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { reopenConflict } from '@/lib/people/resolving'

const fields = z.object({ conflict: z.uuid(), reason: z.string().default('') })

/** Takes a decision back. */
export const POST = formRoute(
  'write',
  fields,
  async ({ conflict: id, reason: typed }, { requestId }) => {
    const actor = await requireStaff('decideIdentity')
    const reason = readReason(typed)
    if (!reason) return seeConflict(id, 'reason')
    const result = await reopenConflict(actor, id, reason, requestId).then(() => 'reopened', faultOf)
    return seeConflict(id, result)
  },
  { pageOf: ({ conflict }) => `/staff/conflicts/${conflict}` },
)
