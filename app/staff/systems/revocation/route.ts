import { z } from 'zod'
import { requireStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { revokeKey } from '@/lib/systems/keys'

const fields = z.object({ system: z.uuid(), key: z.uuid(), sure: z.literal('yes').optional() })

/** Revokes a key, as soon as somebody is sure. A leaked key cannot wait for a new sign-in. */
export const POST = formRoute('write', fields, async ({ system, key, sure }, { requestId }) => {
  const actor = await requireStaff('manageSystems')
  if (!sure) return seeOther(`/staff/systems/${system}#keys`)
  await revokeKey(actor, key, requestId)
  return seeOther(`/staff/systems/${system}?note=revoked#keys`)
})
