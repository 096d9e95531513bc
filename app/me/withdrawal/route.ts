import { z } from 'zod'
import { requireResearcher } from '@/lib/auth/gates'
import { withdrawMyGrants } from '@/lib/grants/commands'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { forgetRecords } from '@/lib/records/cache'

export const POST = formRoute('write', z.object({}), async (_fields, { requestId }) => {
  const { actor } = await requireResearcher()
  await withdrawMyGrants(actor, requestId)
  forgetRecords(actor.researcherId)
  return seeOther('/me/withdrawn')
})
