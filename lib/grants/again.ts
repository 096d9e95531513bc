import 'server-only'
import { system } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import { inTransaction } from '@/lib/db'
import { refreshResearcher, unsealed } from '@/lib/grants/commands'
import type { EndState } from '@/lib/grants/grant'
import { lockResearcher } from '@/lib/researchers/commands'
import { requestGrantRevocation } from '@/lib/revocations/commands'

export type PastEnd = { grantId: string; state: EndState; at: Date }

/** What was asked of ORCID when a grant ended so. It is asked again: ORCID may not have confirmed it. */
const reasons = { superseded: 'superseded', withdrawn_here: 'withdrawn' } as const
const actions = { superseded: 'grant.superseded', expired: 'grant.expired' } as const

/**
 * Ends a grant once more that had ended and came back with a backup. Its successor, where it had one, is not in the
 * backup. False when it is not live here.
 */
export function endGrantAgain({ grantId, state, at }: PastEnd): Promise<boolean> {
  return inTransaction(async (tx) => {
    const found = await tx.grant.findFirst({
      where: { id: grantId, state: 'live' },
      select: { researcherId: true, scopes: true },
    })
    if (!found) return false
    const { researcherId, scopes } = found
    await lockResearcher(tx, researcherId)
    const { count } = await tx.grant.updateMany({
      where: { id: grantId, state: 'live' },
      data: { state, endedAt: at },
    })
    if (count === 0) return false
    if (state in reasons) {
      const reason = reasons[state as keyof typeof reasons]
      await requestGrantRevocation(tx, system, { grantId, reason, researcherId })
    }
    await tx.grant.update({ where: { id: grantId }, data: unsealed })
    const action = state in actions ? actions[state as keyof typeof actions] : 'grant.withdrawn'
    await recordEvent(tx, system, { action, researcherId, grantId, detail: { scopes, because: 'restored' } })
    await refreshResearcher(tx, researcherId)
    return true
  })
}
