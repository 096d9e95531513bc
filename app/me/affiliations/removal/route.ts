import { z } from 'zod'
import { removeMyAffiliation } from '@/lib/affiliations/commands'
import { requireResearcher } from '@/lib/auth/gates'
import { env } from '@/lib/config/env'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'

/** Has an item of the caller's deleted at ORCID, for good. Public API credentials cannot; the page says so. */
export const POST = formRoute('write', z.object({ affiliation: z.uuid() }), async ({ affiliation }, { requestId }) => {
  const { actor } = await requireResearcher()
  if (env().orcid.api === 'member') await removeMyAffiliation(actor, affiliation, requestId)
  return seeOther('/me#items')
})
