import { z } from 'zod'
import { removeAffiliation } from '@/lib/affiliations/commands'
import { requireMemberStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'

/** Has an item deleted at ORCID. */
export const POST = formRoute('write', z.object({ affiliation: z.uuid() }), async ({ affiliation }, { requestId }) => {
  const actor = await requireMemberStaff('writeAffiliations')
  const removing = await removeAffiliation(actor, affiliation, requestId)
  return seeOther(`/staff/affiliations?note=${removing ? 'removing' : 'gone'}`)
})
