import { z } from 'zod'
import { removeMyAffiliation } from '@/lib/affiliations/commands'
import { requireResearcher } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'

/** Has an item of the caller's deleted at ORCID, for good. */
export const POST = formRoute(z.object({ affiliation: z.uuid() }), async ({ affiliation }, { requestId }) => {
  const { actor } = await requireResearcher()
  await removeMyAffiliation(actor, affiliation, requestId)
  return seeOther('/me#items')
})
