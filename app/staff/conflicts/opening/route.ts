import { z } from 'zod'
import { faultOf, seeConflict } from '@/app/staff/conflicts/_components/answers'
import { seePerson } from '@/app/staff/conflicts/_components/person-page'
import { requireStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { askWhetherSame } from '@/lib/people/commands'
import { findPerson } from '@/lib/people/queries'
import { parseDetail } from '@/lib/researchers/details'

const fields = z.object({ person: z.uuid(), local_id: z.string().default('') })

/** Asks whether two entries are one person. Leads to the question, or says why there is none. */
export const POST = formRoute('write', fields, async ({ person: personId, local_id }, { requestId }) => {
  const actor = await requireStaff('decideIdentity')
  const localId = parseDetail(local_id)
  const person = await findPerson(actor, personId)
  if (!person) return seeOther('/staff/conflicts?result=gone')
  if (!localId) return seePerson(person, 'unknown')
  const result = await askWhetherSame(actor, { personId, localId, requestId }).catch((error) => ({
    kind: faultOf(error),
  }))
  if (result.kind === 'conflict' && 'id' in result) return seeConflict(result.id, 'opened')
  return seePerson(person, result.kind)
})
