import 'server-only'
import type { Actor } from '@/lib/actor'
import { recordCall } from '@/lib/calls/commands'
import { env } from '@/lib/config/env'
import { findHold } from '@/lib/installation/restore-detection'
import type { ApiOutcome } from '@/lib/orcid/api'
import { askUserinfo, type UserinfoOutcome } from '@/lib/orcid/userinfo'

/** Asks userinfo once and records the call. Sends nothing while a restored database is held. */
export async function checkByUserinfo(
  actor: Actor,
  { researcherId }: { researcherId: string | null },
  token: string,
): Promise<UserinfoOutcome> {
  if (await findHold()) return { kind: 'unavailable', reason: 'held' }
  const { issuer, issuerProxy: proxy } = env().orcid
  const startedAt = performance.now()
  const outcome = await askUserinfo({ issuer, proxy }, token)
  const latencyMs = Math.round(performance.now() - startedAt)
  const call = { purpose: 'check', researcherId, method: 'GET', path: '/oauth/userinfo' } as const
  await recordCall(actor, call, { ...toCallOutcome(outcome), latencyMs, tries: 1 })
  return outcome
}

function toCallOutcome(outcome: UserinfoOutcome): { outcome: ApiOutcome; status: number | null } {
  switch (outcome.kind) {
    case 'person':
      return { outcome: { kind: 'ok', status: 200, body: null, location: null }, status: 200 }
    case 'refused':
      return { outcome: { kind: 'invalid_token' }, status: 403 }
    case 'unavailable':
      return { outcome: { ...outcome, mayHaveArrived: outcome.reason !== 'not_sent' }, status: null }
  }
}
