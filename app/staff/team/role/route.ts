import { z } from 'zod'
import { requireStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { changeRole } from '@/lib/staff/commands'
import { roles } from '@/lib/staff/staff'

const notes = { done: 'changed', last_admin: 'last-admin', not_found: 'gone' } as const

export const POST = formRoute(
  'write',
  z.object({ member: z.uuid(), role: z.enum(roles) }),
  async ({ member, role }, { requestId }) => {
    const actor = await requireStaff('admin')
    return seeOther(`/staff/team?note=${notes[await changeRole(actor, member, role, requestId)]}`)
  },
)
