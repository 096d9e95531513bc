import { z } from 'zod'
import { readReason } from '@/app/staff/conflicts/_components/answers'
import { requireStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { confirmProposals } from '@/lib/people/proposals'
import { parseSelection } from '@/lib/people/selection'
import { listAskable } from '@/lib/texts/asked'

const fields = z.object({
  selection: z.string().max(16_000).optional(),
  import: z.uuid().optional(),
  reason: z.string().default(''),
})

/** Confirms the iDs that are proposed for selected people, or for those of a file. */
export const POST = formRoute(
  'write',
  fields,
  async ({ selection: query, import: importId, reason }, { requestId }) => {
    const actor = await requireStaff('decideIdentity')
    const selection = query === undefined ? null : parseSelection(new URLSearchParams(query))
    const of = importId ? { importId } : selection && { selection, scopes: await listAskable() }
    if (!of) return seeOther('/staff/people?note=nobody')
    const why = readReason(reason)
    if (!why) return seeOther('/staff/conflicts?result=reason')
    const { confirmed, refused } = await confirmProposals(actor, of, { reason: why, requestId })
    return seeOther(
      `/staff/conflicts?${new URLSearchParams({ confirmed: String(confirmed), refused: String(refused) })}`,
    )
  },
)
