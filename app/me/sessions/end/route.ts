import { z } from 'zod'
import { requireResearcher } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { endMySessions } from '@/lib/sessions/commands'

const fields = z.object({
  session: z.union([z.literal('others'), z.uuid()]),
  back: z.enum(['/me', '/staff/sessions']).default('/me'),
})

/** Ends one of the caller's own sessions, or all but this one. */
export const POST = formRoute('write', fields, async ({ session, back }, { requestId }) => {
  const { actor } = await requireResearcher()
  await endMySessions(actor, session === 'others' ? 'others' : { id: session }, requestId)
  return seeOther(
    back === '/me' ? '/me#sessions' : `${back}?note=${session === 'others' ? 'others-ended' : 'ended'}#sessions`,
  )
})
