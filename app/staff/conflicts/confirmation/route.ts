import { z } from 'zod'
import { faultOf, readReason } from '@/app/staff/conflicts/_components/answers'
import { requireStaff } from '@/lib/auth/gates'
import { formRoute } from '@/lib/http/route'
import { seeOther } from '@/lib/http/see-other'
import { conflictPageSize } from '@/lib/people/conflict-queries'
import { confirmProposal } from '@/lib/people/resolving'

const oneOrMore = z.union([z.uuid().transform((id) => [id]), z.array(z.uuid()).max(conflictPageSize)])
const fields = z.object({ conflict: oneOrMore.default([]), reason: z.string().default('') })

/** Confirms the ticked proposals, each by itself: one that is refused stops no other. */
export const POST = formRoute('write', fields, async ({ conflict, reason: typed }, { requestId }) => {
  const actor = await requireStaff('decideIdentity')
  const reason = readReason(typed)
  if (!reason || conflict.length === 0) return seeOther(`/staff/conflicts?result=${reason ? 'none' : 'reason'}`)
  let [confirmed, refused] = [0, 0]
  for (const id of new Set(conflict)) {
    const fault = await confirmProposal(actor, { id, reason, requestId }).then(() => null, faultOf)
    if (fault) refused += 1
    else confirmed += 1
  }
  return seeOther(`/staff/conflicts?${new URLSearchParams({ confirmed: String(confirmed), refused: String(refused) })}`)
})
