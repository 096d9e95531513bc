import { z } from 'zod'
import { requireStaff } from '@/lib/auth/gates'
import { env } from '@/lib/env'
import { invitationPage } from '@/lib/http/plain-page'
import { formRoute } from '@/lib/http/route'
import { inviteStaff } from '@/lib/staff/invitations'
import { roles } from '@/lib/staff/staff'

/**
 * Makes a link to join the team and shows it, in the answer to the form and nowhere else. The secret stands behind `#`,
 * which browsers send to nobody: it is in no log and no Referer.
 */
export const POST = formRoute(
  z.object({ role: z.enum(roles) }),
  async ({ role }, { requestId }) => {
    const actor = await requireStaff('admin')
    const secret = await inviteStaff(actor, role, requestId)
    return invitationPage(`${env().origin}/join#${secret}`, role)
  },
  { pageOf: () => '/staff/team#invite' },
)
