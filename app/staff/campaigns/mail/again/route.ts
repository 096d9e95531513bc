import { z } from 'zod'
import { requireStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { sendAgain } from '@/lib/mail/again'

/** Has one mail sent again, as a new one. */
export const POST = formRoute('write', z.object({ mail: z.uuid() }), async ({ mail }, { requestId }) => {
  const actor = await requireStaff('invitePeople')
  const isSent = await sendAgain(actor, mail, requestId)
  return seeOther(`/staff/campaigns/mail?note=${isSent ? 'again' : 'not-again'}`)
})
