import { z } from 'zod'
import { faultOf, readReason, seeConflict } from '@/app/staff/conflicts/_components/answers'
import { requireStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { resolutions } from '@/lib/people/person'
import { findPersonIdByLocalId } from '@/lib/people/queries'
import { resolveConflict } from '@/lib/people/resolving'
import { parseDetail } from '@/lib/researchers/details'

const fields = z.object({
  conflict: z.uuid(),
  resolution: z.enum(resolutions),
  reason: z.string().default(''),
  local_id: z.string().default(''),
})

/** Decides a conflict. Leaving both sides as they are needs no reason. */
export const POST = formRoute(
  'write',
  fields,
  async ({ conflict: id, resolution, reason: typed, local_id }, { requestId }) => {
    const actor = await requireStaff('decideIdentity')
    const reason = readReason(typed)
    if (!reason && resolution !== 'kept') return seeConflict(id, 'reason')
    const localId = resolution === 'bound' ? parseDetail(local_id) : null
    const toPersonId = localId ? await findPersonIdByLocalId(actor, localId) : undefined
    if (toPersonId === null) return seeConflict(id, 'unknown')
    const decision = { id, resolution, reason: reason ?? '', requestId, toPersonId }
    const fault = await resolveConflict(actor, decision).then(() => 'decided', faultOf)
    return seeConflict(id, fault)
  },
  { pageOf: ({ conflict }) => `/staff/conflicts/${conflict}` },
)
