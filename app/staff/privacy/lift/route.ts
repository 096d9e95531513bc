import { z } from 'zod'
import { requireStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { liftObjection } from '@/lib/people/objections'
import { parseDetail } from '@/lib/researchers/details'

/** Lets a number or an address be on the roster again that was struck off. */
export const POST = formRoute(
  'write',
  z.object({ who: z.string(), sure: z.literal('yes') }),
  async ({ who }, { requestId }) => {
    const actor = await requireStaff('erasePeople')
    const typed = parseDetail(who)
    const isLifted = typed !== null && (await liftObjection(actor, typed, requestId))
    return seeOther(`/staff/privacy?note=${isLifted ? 'lifted' : 'not_struck_off'}`)
  },
)
