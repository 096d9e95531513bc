import { z } from 'zod'
import { requireStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { revokeTrialToken } from '@/lib/trials/token-use'

/** Ends a trial: its token is revoked. */
export const POST = formRoute('orcid', z.object({ trial: z.uuid() }), async ({ trial }) => {
  const actor = await requireStaff('tryTheFlow')
  await revokeTrialToken(actor, trial)
  return seeOther(`/staff/try?trial=${trial}#revoke`)
})
