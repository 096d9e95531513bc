import { z } from 'zod'
import { clearedCookie } from '@/lib/auth/cookies'
import { findSignedIn } from '@/lib/auth/session'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { endSession } from '@/lib/sessions/commands'

export const POST = formRoute('write', z.object({}), async (_fields, { requestId }) => {
  const signedIn = await findSignedIn()
  if (signedIn) await endSession(signedIn.actor, requestId)
  const response = seeOther('/')
  for (const use of ['session', 'attempt', 'state', 'nonce'] as const) response.cookies.set(clearedCookie(use))
  return response
})
