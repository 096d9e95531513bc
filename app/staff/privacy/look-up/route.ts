import { z } from 'zod'
import { requireStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { findIdByLocalId } from '@/lib/people/about'
import { findObjection } from '@/lib/people/objections'
import { parseDetail } from '@/lib/researchers/details'

/** From a number to the person who has it. By POST, because the number belongs into no address. */
export const POST = formRoute('write', z.object({ number: z.string() }), async ({ number }) => {
  const actor = await requireStaff('erasePeople')
  const localId = parseDetail(number)
  const id = localId && (await findIdByLocalId(actor, localId))
  if (id) return seeOther(`/staff/people/${id}/privacy`)
  const isStruckOff = localId !== null && (await findObjection(actor, localId)) !== null
  return seeOther(`/staff/privacy?note=${isStruckOff ? 'struck_off' : 'unknown'}`)
})
