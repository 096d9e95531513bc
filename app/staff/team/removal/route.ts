import { z } from 'zod'
import { requireStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { endRole } from '@/lib/staff/commands'

const notes = { done: 'removed', last_admin: 'last-admin', not_found: 'gone' } as const

export const POST = formRoute('write', z.object({ member: z.uuid() }), async ({ member }, { requestId }) => {
  const actor = await requireStaff('manageTeam')
  const outcome = await endRole(actor, member, requestId)
  // Whoever has left the team cannot read its page any more.
  if (outcome === 'done' && member === actor.staffId) return seeOther('/me')
  return seeOther(`/staff/team?note=${notes[outcome]}${outcome === 'done' ? `&member=${member}` : ''}`)
})
