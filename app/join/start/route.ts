import { z } from 'zod'
import { beginAttempt } from '@/lib/auth/start'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { findUsableInvitation } from '@/lib/staff/queries'

// The whole link does as well: without script people copy it.
const fields = z.object({
  code: z
    .string()
    .max(500)
    .transform((text) => text.trim().split('#').at(-1) ?? ''),
})

/** Goes to ORCID with a link to join the team: whoever comes back has proven which iD is theirs, and gets the role. */
export const POST = formRoute('sign_in', fields, async ({ code }, { requestId }) => {
  const staffInvitationId = await findUsableInvitation(code)
  if (!staffInvitationId) return seeOther('/join?note=unusable')
  return beginAttempt({ purpose: 'sign_in', scopes: ['openid'], staffInvitationId }, requestId)
})
