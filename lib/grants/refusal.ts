import 'server-only'
import type { Tx } from '@/lib/db'
import { enqueueJob } from '@/lib/jobs/queue'
import type { ApiOutcome } from '@/lib/orcid/api'

/** Outcomes of a call that are about the permission it was made with. */
const aboutPermission = ['invalid_token', 'wrong_record', 'insufficient_scope', 'deprecated', 'deactivated', 'locked']

/**
 * Has a grant checked at once after a call whose outcome is about the permission. Nothing else is concluded from such an
 * outcome, whoever made the call: the check alone judges (decision 026).
 */
export async function requestCheckAfter(tx: Tx, grantId: string, { kind }: ApiOutcome): Promise<void> {
  if (!aboutPermission.includes(kind)) return
  await enqueueJob(tx, 'grant.check', { payload: { grantId }, key: `grant.check:${grantId}` })
}
