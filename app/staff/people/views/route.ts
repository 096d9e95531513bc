import { z } from 'zod'
import { requireStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { saveView, toKeptFilters, viewNameMax } from '@/lib/people/saved-views'
import { parsePeopleFilters, peopleHref } from '@/lib/people/schema'
import { parseDetail } from '@/lib/researchers/details'

const fields = z.object({
  name: z.string().transform((given) => parseDetail(given)?.slice(0, viewNameMax) ?? null),
  filters: z.string().max(2_000),
  shared: z.literal('yes').optional(),
})

/** Saves the filters of the list under a name. */
export const POST = formRoute('write', fields, async ({ name, filters: query, shared }) => {
  const actor = await requireStaff('seePeople')
  const filters = toKeptFilters(parsePeopleFilters(new URLSearchParams(query)))
  const result = !name
    ? 'unnamed'
    : (await saveView(actor, { name, filters, shared: shared === 'yes' }))
      ? 'saved'
      : 'full'
  const href = peopleHref(filters)
  return seeOther(`${href}${href.includes('?') ? '&' : '?'}note=view-${result}#views`)
})
