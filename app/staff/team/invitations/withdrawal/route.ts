import { z } from 'zod'
import { requireStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { withdrawInvitation } from '@/lib/staff/invitations'

export const POST = formRoute('invite', z.object({ invitation: z.uuid() }), async ({ invitation }, { requestId }) => {
  const actor = await requireStaff('manageTeam')
  await withdrawInvitation(actor, invitation, requestId)
  return seeOther('/staff/team?note=withdrawn')
})
