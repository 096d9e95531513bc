import { z } from 'zod'
import { planItemBatch, planLeavingBatch } from '@/lib/affiliations/batches'
import { requireMemberStaff, requireStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { batchActions } from '@/lib/people/batch'
import { personKinds } from '@/lib/people/person'
import { parseSelection } from '@/lib/people/selection'
import { parseDetail } from '@/lib/researchers/details'
import { listAskable } from '@/lib/texts/asked'

const kind = z.enum(personKinds)

const fields = z.object({
  do: z.enum(batchActions),
  selection: z.string().max(16_000),
  day: z.string().default(''),
  kind: z
    .union([kind, z.array(kind)])
    .default([])
    .transform((kinds) => [kinds].flat()),
  department: z.string().default(''),
})

/** Plans an action for the selected people and shows it; nothing is written yet. */
export const POST = formRoute(
  'write',
  fields,
  async ({ do: action, selection: query, day, kind: kinds, department }) => {
    const actor = await requireStaff('changeMany')
    const selection = parseSelection(new URLSearchParams(query))
    if (!selection) return seeOther('/staff/people?note=nobody')
    const back = (fault: string) => seeOther(`/staff/people/bulk?do=${action}&fault=${fault}&${query}`)
    const asked = { selection, scopes: await listAskable() }
    if (action === 'mark_leaving') {
      const leavesOn = z.iso.date().safeParse(day)
      if (!leavesOn.success) return back('day')
      const id = await planLeavingBatch(actor, asked, leavesOn.data)
      return id ? seeOther(`/staff/people/batches/${id}`) : back('many')
    }
    await requireMemberStaff('changeMany')
    if (kinds.length === 0) return back('kind')
    const id = await planItemBatch(actor, asked, { kinds, department: parseDetail(department) })
    return id ? seeOther(`/staff/people/batches/${id}`) : back('many')
  },
)
