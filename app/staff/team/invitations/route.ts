import { z } from 'zod'
import { requireStaff } from '@/lib/auth/gates'
import { makeOneTimeLinkCookie } from '@/lib/auth/one-time-link'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { inviteStaff } from '@/lib/staff/invitations'
import { roles } from '@/lib/staff/staff'

/** Makes a link to join the team. The secret goes to the page that shows it in a sealed cookie: it is in no address and no log. */
export const POST = formRoute(
  'invite',
  z.object({ role: z.enum(roles) }),
  async ({ role }, { requestId }) => {
    const actor = await requireStaff('admin')
    const secret = await inviteStaff(actor, role, requestId)
    const response = seeOther('/staff/team/invitations/link')
    response.cookies.set(await makeOneTimeLinkCookie(actor, { secret, role }))
    return response
  },
  { pageOf: () => '/staff/team#invite' },
)
