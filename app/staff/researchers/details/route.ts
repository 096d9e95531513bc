import { z } from 'zod'
import { requireStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { parseOrcid } from '@/lib/orcid/id'
import { setInstitutionDetails } from '@/lib/people/commands'
import { PeopleError } from '@/lib/people/person'
import { parseDetail } from '@/lib/researchers/details'
import { findResearcher } from '@/lib/researchers/queries'

const fields = z.object({
  orcid: z.string().refine((orcid) => parseOrcid(orcid) === orcid),
  department: z.string(),
  local_id: z.string(),
})

function faultOf(error: unknown): string {
  if (error instanceof PeopleError) return error.fault
  throw error
}

/** Writes down what the institution knows of somebody. An empty field says that it does not know. */
export const POST = formRoute(
  'write',
  fields,
  async ({ orcid, department, local_id }, { requestId }) => {
    const actor = await requireStaff('editPeople')
    const researcher = await findResearcher(actor, orcid)
    const details = { department: parseDetail(department), localId: parseDetail(local_id) }
    if (!researcher) return seeOther('/staff/researchers')
    const result = await setInstitutionDetails(actor, researcher.id, details, requestId).catch(faultOf)
    return seeOther(`/staff/researchers/${orcid}?result=details-${result.replaceAll('_', '-')}#details`)
  },
  { pageOf: ({ orcid }) => `/staff/researchers/${orcid}#details` },
)
