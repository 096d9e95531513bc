import { z } from 'zod'
import { findFault } from '@/app/staff/team/_components/rights-fault'
import { requireStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { changeRights } from '@/lib/staff/commands'
import { parseRights, rightsFields, toTypedParameters } from '@/lib/staff/schema'

const notes = { done: 'changed', last_admin: 'last-admin', not_found: 'gone' } as const

export const POST = formRoute(
  'write',
  rightsFields.extend({ member: z.uuid() }),
  async ({ member, ...typed }, { requestId }) => {
    const actor = await requireStaff('manageTeam')
    const rights = parseRights(typed)
    const fault = await findFault(actor, rights)
    if (fault || !rights) {
      return seeOther(`/staff/team/${member}?to=${typed.role}&fault=${fault}&${toTypedParameters(typed)}`)
    }
    return seeOther(`/staff/team?note=${notes[await changeRights(actor, member, rights, requestId)]}`)
  },
)
