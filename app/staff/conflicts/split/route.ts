import { z } from 'zod'
import { faultOf, readReason } from '@/app/staff/conflicts/_components/answers'
import { seePerson } from '@/app/staff/conflicts/_components/person-page'
import { requireStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { unbindByStaff } from '@/lib/people/commands'
import { findPerson } from '@/lib/people/queries'

const fields = z.object({ person: z.uuid(), reason: z.string().default('') })

/** Takes the iD from a person, for a reason. */
export const POST = formRoute('write', fields, async ({ person: personId, reason: typed }, { requestId }) => {
  const actor = await requireStaff('decideIdentity')
  const reason = readReason(typed)
  const person = await findPerson(actor, personId)
  if (!person) return seeOther('/staff/conflicts?result=gone')
  if (!reason) return seePerson(person, 'reason')
  const result = await unbindByStaff(actor, { personId, reason, requestId }).then(() => 'split', faultOf)
  return seePerson(person, result)
})
