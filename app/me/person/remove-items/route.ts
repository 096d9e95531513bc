import { z } from 'zod'
import { removeMyMisplacedItems } from '@/lib/affiliations/own-items'
import { requireResearcher } from '@/lib/auth/gates'
import { env } from '@/lib/config/env'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'

/** Has everything deleted at ORCID that is on the caller’s record because they were taken for somebody else. */
export const POST = formRoute('write', z.object({}), async (_fields, { requestId }) => {
  const { actor } = await requireResearcher()
  if (env().orcid.api === 'member') await removeMyMisplacedItems(actor, requestId)
  return seeOther('/me/person/refused#items')
})
