import { z } from 'zod'
import { requireStaff } from '@/lib/auth/gates'
import { listNeededToWrite } from '@/lib/campaigns/missing'
import { askForMissing } from '@/lib/campaigns/one-person'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { findPerson } from '@/lib/people/queries'

/** `affiliation`: the item that waits; only what writing it needs is then asked for. */
const fields = z.object({ person: z.uuid(), affiliation: z.uuid().optional() })

/** Asks somebody by mail for what they do not allow yet. */
export const POST = formRoute('invite', fields, async ({ person: id, affiliation }, { requestId }) => {
  const actor = await requireStaff('invitePeople')
  const person = await findPerson(actor, id)
  if (!person) return seeOther(`/staff/people/${id}`)
  const needed = affiliation ? listNeededToWrite() : undefined
  const fault = await askForMissing(actor, { personId: id, needed, requestId })
  const page = affiliation ? `/staff/affiliations/${affiliation}` : `/staff/people/${id}`
  const there = !affiliation && person.orcid ? `/staff/researchers/${person.orcid}` : page
  return seeOther(`${there}?result=${fault ? 'ask-refused' : 'ask-sent'}#ask`)
})
