import { z } from 'zod'
import { requireStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { parseOrcid } from '@/lib/orcid/id'
import { findResearcher } from '@/lib/researchers/queries'
import { eraseResearcher } from '@/lib/retention/erasing'
import { staffErasureReasons } from '@/lib/retention/erasure'

const fields = z.object({
  orcid: z.string().refine((orcid) => parseOrcid(orcid) === orcid),
  reason: z.enum(staffErasureReasons),
  sure: z.literal('yes'),
})

/** Erases a person. Who is not there, perhaps because the button was pressed twice, is not there afterwards either. */
export const POST = formRoute('write', fields, async ({ orcid, reason }, { requestId }) => {
  const actor = await requireStaff('erasePeople')
  const researcher = await findResearcher(actor, orcid)
  if (researcher) await eraseResearcher(actor, researcher.id, reason, requestId)
  return seeOther('/staff/researchers/erased')
})
