import { z } from 'zod'
import { requireStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { liftObjection } from '@/lib/people/objections'
import { parseDetail } from '@/lib/researchers/details'

/** Lets a number be on the roster again that was struck off. */
export const POST = formRoute(
  'write',
  z.object({ number: z.string(), sure: z.literal('yes') }),
  async ({ number }, { requestId }) => {
    const actor = await requireStaff('erasePeople')
    const localId = parseDetail(number)
    const isLifted = localId !== null && (await liftObjection(actor, localId, requestId))
    return seeOther(`/staff/privacy?note=${isLifted ? 'lifted' : 'not_struck_off'}`)
  },
)
