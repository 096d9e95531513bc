import { z } from 'zod'
import { requireResearcher } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { allowAgain } from '@/lib/systems/stopping'

/** Lets a system use again what the person who asks allows. */
export const POST = formRoute('write', z.object({ system: z.uuid() }), async ({ system }, { requestId }) => {
  const { actor } = await requireResearcher()
  await allowAgain(actor, system, requestId)
  return seeOther('/me/systems?note=allowed')
})
