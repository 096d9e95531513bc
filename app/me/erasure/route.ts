import { z } from 'zod'
import { clearedCookie } from '@/lib/auth/cookies'
import { requireResearcher } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { eraseMyself } from '@/lib/retention/erasing'

export const POST = formRoute('write', z.object({ sure: z.literal('yes') }), async (_fields, { requestId }) => {
  const { actor } = await requireResearcher()
  await eraseMyself(actor, requestId)
  const response = seeOther('/erased')
  for (const use of ['session', 'attempt', 'state', 'nonce'] as const) response.cookies.set(clearedCookie(use))
  return response
})
