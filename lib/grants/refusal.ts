import 'server-only'
import type { Tx } from '@/lib/db'
import { enqueueJob } from '@/lib/jobs/queue'
import type { ApiOutcome } from '@/lib/orcid/api'

const permissionRefusals = [
  'invalid_token',
  'wrong_record',
  'insufficient_scope',
  'deprecated',
  'deactivated',
  'locked',
]

/** Enqueues a check after a refused permission. Only the check may conclude more (decision 013). */
export async function enqueueCheckAfterRefusal(tx: Tx, grantId: string, { kind }: ApiOutcome): Promise<void> {
  if (!permissionRefusals.includes(kind)) return
  await enqueueJob(tx, 'grant.check', { payload: { grantId }, key: `grant.check:${grantId}` })
}
