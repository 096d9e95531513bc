import { z } from 'zod'
import { requireStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { setLastDay } from '@/lib/people/leaving'
import { PeopleError } from '@/lib/people/person'
import { findPerson } from '@/lib/people/queries'

const fields = z.object({
  person: z.uuid(),
  last_day: z.union([z.literal('').transform(() => null), z.iso.date().refine((day) => day >= '1900')]),
})

/** Sets somebody's last day; an empty one says that it is not known. */
export const POST = formRoute(
  'write',
  fields,
  async ({ person: id, last_day: lastDay }, { requestId }) => {
    const actor = await requireStaff('setLastDays')
    const back = `/staff/people/${id}/last-day`
    if (!(await findPerson(actor, id))) return seeOther(back)
    try {
      await setLastDay(actor, { id, lastDay, requestId })
    } catch (error) {
      if (error instanceof PeopleError) return seeOther(back)
      throw error
    }
    return seeOther(`${back}?result=saved`)
  },
  { pageOf: ({ person }) => `/staff/people/${person}/last-day` },
)
