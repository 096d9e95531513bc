import { z } from 'zod'
import { requireStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { parseOrcid } from '@/lib/orcid/id'
import { setInstitutionDetails } from '@/lib/researchers/commands'
import { parseDetail } from '@/lib/researchers/details'
import { findResearcher } from '@/lib/researchers/queries'

const fields = z.object({
  orcid: z.string().refine((orcid) => parseOrcid(orcid) === orcid),
  department: z.string(),
  local_id: z.string(),
})

/** Writes down what the institution knows of somebody. An empty field says that it does not know. */
export const POST = formRoute(
  'write',
  fields,
  async ({ orcid, department, local_id }, { requestId }) => {
    const actor = await requireStaff('manager')
    const researcher = await findResearcher(actor, orcid)
    const details = { department: parseDetail(department), localId: parseDetail(local_id) }
    const isHere = researcher && (await setInstitutionDetails(actor, researcher.id, details, requestId))
    return seeOther(isHere ? `/staff/researchers/${orcid}?result=details-saved#details` : '/staff/researchers')
  },
  { pageOf: ({ orcid }) => `/staff/researchers/${orcid}#details` },
)
