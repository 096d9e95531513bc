import { z } from 'zod'
import { putBackMyAffiliation } from '@/lib/affiliations/own-items'
import { requireResearcher } from '@/lib/auth/gates'
import { env } from '@/lib/config/env'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'

/** Has an item written again that the caller had deleted. */
export const POST = formRoute('write', z.object({ affiliation: z.uuid() }), async ({ affiliation }, { requestId }) => {
  const { actor } = await requireResearcher()
  if (env().orcid.api === 'member') await putBackMyAffiliation(actor, affiliation, requestId)
  return seeOther('/me#items')
})
