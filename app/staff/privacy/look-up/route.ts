import { z } from 'zod'
import { requireStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { findIdsByNumberOrAddress } from '@/lib/people/about'
import { isStruckOff } from '@/lib/people/objections'
import { parseDetail } from '@/lib/researchers/details'

/** From a number or an address to the person who has it. By POST, because neither belongs into the page's address. */
export const POST = formRoute('write', z.object({ who: z.string() }), async ({ who }) => {
  const actor = await requireStaff('erasePeople')
  const typed = parseDetail(who)
  if (typed === null) return seeOther('/staff/privacy?note=unknown')
  const [id, ...others] = await findIdsByNumberOrAddress(actor, typed)
  if (id) return seeOther(others.length > 0 ? '/staff/privacy?note=several' : `/staff/people/${id}/privacy`)
  return seeOther(`/staff/privacy?note=${(await isStruckOff(actor, typed)) ? 'struck_off' : 'unknown'}`)
})
