import { z } from 'zod'
import { requireStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { objectionReasons } from '@/lib/people/objections'
import { PeopleError } from '@/lib/people/person'
import { strikeOff } from '@/lib/retention/erasing'

const fields = z.object({ person: z.uuid(), reason: z.enum(objectionReasons), sure: z.literal('yes') })

/** Erases somebody who never connected. Who is not there is not there afterwards either. */
export const POST = formRoute('write', fields, async ({ person, reason }, { requestId }) => {
  const actor = await requireStaff('erasePeople')
  try {
    await strikeOff(actor, person, { reason, requestId })
  } catch (error) {
    // They have connected meanwhile: their page says where they are erased now.
    if (error instanceof PeopleError) return seeOther(`/staff/people/${person}/privacy`)
    throw error
  }
  return seeOther('/staff/privacy?note=erased')
})
