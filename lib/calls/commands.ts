import 'server-only'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Actor } from '@/lib/actor'
import { actorId, recordEvent } from '@/lib/audit/commands'
import { acquireSlot, delaySlots, recordFailure, recordSuccess } from '@/lib/calls/api-slots'
import { type CallPurpose, isFailure, type OrcidCall, retryDelayMs, retryLimits } from '@/lib/calls/call'
import { limitInFlight } from '@/lib/calls/in-flight'
import { env } from '@/lib/config/env'
import { inTransaction, type Tx } from '@/lib/db'
import { findHold } from '@/lib/installation/restore-detection'
import { log } from '@/lib/log'
import { countCall } from '@/lib/metrics'
import { type ApiAnswer, type ApiOutcome, callApi } from '@/lib/orcid/api'

/** For a 503 or 429 without `Retry-After`. */
const defaultPauseMs = 1_000

/**
 * The only way to ORCID's API: takes an API slot, retries safe calls and records the call. Do not use it in a
 * transaction that locks the researcher, because recording waits for that lock.
 * @returns `not_found` also for a retried DELETE whose first try worked; `unavailable` while a restored database is
 * held
 * @throws when the database is away
 */
export async function callOrcid(actor: Actor, call: OrcidCall): Promise<ApiOutcome> {
  if (await findHold()) return { kind: 'unavailable', reason: 'held', mayHaveArrived: false }
  const startedAt = Date.now()
  let mayHaveArrived = false
  let lastAnswer: (ApiAnswer & { tries: number }) | null = null
  for (let tries = 1; ; tries++) {
    const attempt = (await limitInFlight(() => send(call))) ?? notSent(busy)
    if (attempt.wasSent) lastAnswer = { ...attempt, tries }
    const { outcome } = attempt
    if (outcome.kind === 'unavailable') mayHaveArrived ||= outcome.mayHaveArrived
    const delayMs = attempt.wasSent && tries < retryLimits.triesMax ? retryDelayMs(call.method, outcome, tries) : null
    if (delayMs === null || Date.now() - startedAt + delayMs > retryLimits.withinMs) {
      if (lastAnswer) await recordCall(actor, call, lastAnswer)
      return outcome.kind === 'unavailable' ? { ...outcome, mayHaveArrived } : outcome
    }
    await sleep(delayMs)
  }
}

const busy = { kind: 'rate_limited', retryAfterMs: null } as const

const notSent = (outcome: ApiOutcome) => ({ outcome, status: null, latencyMs: 0, wasSent: false })

async function send(call: OrcidCall): Promise<ApiAnswer & { wasSent: boolean }> {
  const slot = await acquireSlot()
  if (slot.kind === 'circuit_open') {
    return notSent({ kind: 'unavailable', reason: 'circuit_open', mayHaveArrived: false })
  }
  if (slot.kind === 'wait') return notSent({ kind: 'rate_limited', retryAfterMs: slot.waitMs })
  await sleep(slot.waitMs)
  const { apiUrl, apiProxy } = env().orcid
  const { method, path, token, body, accept } = call
  const answer = await callApi({ url: apiUrl, proxy: apiProxy }, { method, path, token, body, accept })
  await updateRateLimit(answer.outcome).catch((error) =>
    log().warn({ err: error }, 'failed to update rate-limit state'),
  )
  return { ...answer, wasSent: true }
}

/** Tells the shared rate limit and the circuit breaker how a request went. */
export async function updateRateLimit(outcome: ApiOutcome): Promise<void> {
  await (isFailure(outcome) ? recordFailure() : recordSuccess())
  if (outcome.kind === 'rate_limited') await delaySlots(outcome.retryAfterMs ?? defaultPauseMs)
}

type Recorded = Pick<OrcidCall, 'method' | 'path' | 'researcherId'> & { purpose: CallPurpose }

/** Only logs a failure, so that the caller still gets ORCID's answer. */
export async function recordCall(actor: Actor, call: Recorded, answer: ApiAnswer & { tries: number }): Promise<void> {
  const { outcome, status, latencyMs, tries } = answer
  const { method, path, researcherId, purpose } = call
  const errorCode = outcome.kind === 'invalid' ? outcome.errorCode : null
  countCall(outcome.kind)
  const data = {
    actorKind: actor.kind,
    actorId: actorId(actor),
    purpose,
    researcherId,
    method,
    path,
    outcome: outcome.kind,
    status,
    errorCode,
    latencyMs,
    tries,
  }
  try {
    await inTransaction(async (tx) => {
      await tx.orcidCall.create({ data, select: { id: true } })
      const detail = { purpose, method, outcome: outcome.kind }
      await recordEvent(tx, actor, { action: 'orcid.called', researcherId, detail })
    })
  } catch (error) {
    log().warn({ err: error, outcome: outcome.kind }, 'failed to record a call to ORCID')
  }
}

/** Deletes the recorded calls when a researcher is erased. */
export async function eraseCalls(tx: Tx, researcherId: string): Promise<void> {
  await tx.orcidCall.deleteMany({ where: { researcherId } })
}
