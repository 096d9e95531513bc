import { findFault } from '@/app/staff/team/_components/rights-fault'
import { requireStaff } from '@/lib/auth/gates'
import { makeOneTimeLinkCookie } from '@/lib/auth/one-time-link'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { toKept } from '@/lib/staff/abilities'
import { inviteStaff } from '@/lib/staff/invitations'
import { parseRights, rightsFields, toTypedParameters } from '@/lib/staff/schema'

/** Makes a link to join the team. The secret goes to the page that shows it in a sealed cookie: it is in no address and no log. */
export const POST = formRoute(
  'invite',
  rightsFields,
  async (typed, { requestId }) => {
    const actor = await requireStaff('manageTeam')
    const rights = parseRights(typed)
    const fault = await findFault(actor, rights)
    if (fault || !rights) return seeOther(`/staff/team?fault=${fault}&${toTypedParameters(typed)}#invite`)
    const secret = await inviteStaff(actor, rights, requestId)
    const response = seeOther('/staff/team/invitations/link')
    response.cookies.set(await makeOneTimeLinkCookie(actor, { secret, ...toKept(rights) }))
    return response
  },
  { pageOf: () => '/staff/team#invite' },
)
