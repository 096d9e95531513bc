import 'server-only'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Actor } from '@/lib/actor'
import { acquireSlot } from '@/lib/calls/api-slots'
import { recordCall, updateRateLimit } from '@/lib/calls/commands'
import { limitInFlight } from '@/lib/calls/in-flight'
import { findHold } from '@/lib/installation/restore-detection'
import { log } from '@/lib/log'
import type { ApiOutcome } from '@/lib/orcid/api'
import type { OrcidClient } from '@/lib/orcid/client'
import { type IdTokenOutcome, requestIdToken } from '@/lib/orcid/token-exchange'

/** Gets an id_token once, within the rate limit, and records the call. Sends nothing while a restored database is held. */
export async function callForIdToken(
  actor: Actor,
  client: OrcidClient,
  { researcherId, token }: { researcherId: string; token: string },
): Promise<IdTokenOutcome> {
  if (await findHold()) return { kind: 'unavailable', reason: 'held' }
  const outcome = await limitInFlight<IdTokenOutcome>(async () => {
    const slot = await acquireSlot()
    if (slot.kind !== 'go') return { kind: 'unavailable', reason: slot.kind }
    await sleep(slot.waitMs)
    const startedAt = performance.now()
    const outcome = await requestIdToken(client, token)
    const latencyMs = Math.round(performance.now() - startedAt)
    const answer = toApiOutcome(outcome)
    await updateRateLimit(answer).catch((error) => log().warn({ err: error }, 'failed to update rate-limit state'))
    const call = { purpose: 'delegation', method: 'POST', path: '/oauth/token', researcherId } as const
    const status = outcome.kind === 'issued' ? 200 : outcome.kind === 'refused' ? outcome.status : null
    await recordCall(actor, call, { outcome: answer, status, latencyMs, tries: 1 })
    return outcome
  })
  return outcome ?? { kind: 'unavailable', reason: 'wait' }
}

function toApiOutcome(outcome: IdTokenOutcome): ApiOutcome {
  switch (outcome.kind) {
    case 'issued':
      return { kind: 'ok', status: 200, body: null, location: null }
    case 'token_refused':
      return { kind: 'invalid_token' }
    case 'not_offered':
      return { kind: 'invalid', errorCode: null, reason: 'not_offered' }
    case 'refused':
      return { kind: 'invalid', errorCode: null, reason: outcome.error }
    case 'unavailable':
      return { kind: 'unavailable', reason: outcome.reason, mayHaveArrived: outcome.reason !== 'not_sent' }
  }
}
