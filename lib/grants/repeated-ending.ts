import 'server-only'
import { system } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import type { AuditAction } from '@/lib/audit/event'
import { inTransaction, type Prisma } from '@/lib/db'
import { refreshResearcher, unsealed } from '@/lib/grants/commands'
import { type EndState, endedByOrcid, isEndedByOrcid } from '@/lib/grants/grant'
import { requestGrantRevocation } from '@/lib/grants/revoking'
import { lockResearcher } from '@/lib/researchers/commands'

export type LedgerEnd = { grantId: string; state: EndState; at: Date }

/** Revocations to repeat: ORCID may not have confirmed them. */
const reasons = { superseded: 'superseded', withdrawn_here: 'withdrawn', ended_here: 'left' } as const
const actions = {
  superseded: 'grant.superseded',
  withdrawn_here: 'grant.withdrawn',
  ended_here: 'grant.ended_here',
  withdrawn_at_orcid: 'grant.withdrawn_at_orcid',
  expired: 'grant.expired',
  code_reused: 'grant.withdrawn_at_orcid',
  record_deprecated: 'grant.record_deprecated',
  record_deactivated: 'grant.record_deactivated',
} as const satisfies Record<EndState, AuditAction>

/** Grants that may have tokens in a restored backup. */
export const hasTokens = { state: { in: ['live', ...endedByOrcid] } } satisfies Prisma.GrantWhereInput

/** Ends a grant again after a restore. The backup lacks its successor. Returns false if it has already ended. */
export function endGrantAgain({ grantId, state, at }: LedgerEnd): Promise<boolean> {
  return inTransaction(async (tx) => {
    const found = await tx.grant.findFirst({
      where: { id: grantId, ...hasTokens },
      select: { researcherId: true, scopes: true, state: true },
    })
    if (!found || (isEndedByOrcid(found.state) && isEndedByOrcid(state))) return false
    const { researcherId, scopes } = found
    await lockResearcher(tx, researcherId)
    const { count } = await tx.grant.updateMany({
      where: { id: grantId, state: found.state },
      data: { state, endedAt: at },
    })
    if (count === 0) return false
    if (state in reasons) {
      const reason = reasons[state as keyof typeof reasons]
      await requestGrantRevocation(tx, system, { grantId, reason, researcherId })
    }
    // A grant that ORCID ended may revive, also after a restore.
    if (!isEndedByOrcid(state)) await tx.grant.update({ where: { id: grantId }, data: unsealed })
    await tx.suspicion.deleteMany({ where: { grantId } })
    await recordEvent(tx, system, {
      action: actions[state],
      researcherId,
      grantId,
      detail: { scopes, because: 'restored' },
    })
    await refreshResearcher(tx, researcherId)
    return true
  })
}
