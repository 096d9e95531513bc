import { z } from 'zod'
import { retryAffiliation } from '@/lib/affiliations/commands'
import { requireMemberStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'

/** Tries an item once more. */
export const POST = formRoute('orcid', z.object({ affiliation: z.uuid() }), async ({ affiliation }, { requestId }) => {
  const actor = await requireMemberStaff('writeAffiliations')
  const again = await retryAffiliation(actor, affiliation, requestId)
  return seeOther(`/staff/affiliations?note=${again ? 'again' : 'gone'}`)
})
