import { z } from 'zod'
import { requireStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { resumeMail, stopAllMail } from '@/lib/mail/outbox'

const schema = z.object({ to: z.enum(['stop', 'go']), sure: z.literal('yes') })

/** Stops all mail, or lets it go on. */
export const POST = formRoute('write', schema, async ({ to }, { requestId }) => {
  const actor = await requireStaff('stopMail')
  await (to === 'stop' ? stopAllMail : resumeMail)(actor, requestId)
  return seeOther('/staff/campaigns/mail')
})
