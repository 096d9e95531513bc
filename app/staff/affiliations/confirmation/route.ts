import { z } from 'zod'
import { confirmWriting } from '@/lib/affiliations/commands'
import { requireMemberStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'

/** Writes down that an administrator has seen what ORCID would receive. */
export const POST = formRoute(
  'write',
  z.object({ affiliation: z.uuid(), sure: z.literal('yes') }),
  async ({ affiliation }, { requestId }) => {
    const actor = await requireMemberStaff('confirmWrites')
    const confirmed = await confirmWriting(actor, affiliation, requestId)
    return seeOther(`/staff/affiliations?note=${confirmed ? 'confirmed' : 'gone'}`)
  },
)
