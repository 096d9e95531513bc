import { z } from 'zod'
import { requireStaff } from '@/lib/auth/gates'
import { invitePerson } from '@/lib/campaigns/one-person'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { findPerson } from '@/lib/people/queries'

/** Sends one person an invitation. */
export const POST = formRoute('write', z.object({ person: z.uuid() }), async ({ person: id }, { requestId }) => {
  const actor = await requireStaff('invitePeople')
  const page = `/staff/people/${id}/invite`
  if (!(await findPerson(actor, id))) return seeOther(page)
  const fault = await invitePerson(actor, id, requestId)
  return seeOther(`${page}?result=${fault ? 'refused' : 'invited'}`)
})
