import 'server-only'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Actor } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import { acquireSlot, delaySlots, recordFailure, recordSuccess } from '@/lib/calls/api-slots'
import { type CallPurpose, isFailure, type OrcidCall, retryDelayMs, retryLimits } from '@/lib/calls/call'
import { limitInFlight } from '@/lib/calls/in-flight'
import { env } from '@/lib/config/env'
import { inTransaction, type Tx } from '@/lib/db'
import { findHold } from '@/lib/installation/restore-detection'
import { log } from '@/lib/log'
import { countCall } from '@/lib/metrics'
import { type ApiAnswer, type ApiOutcome, callApi } from '@/lib/orcid/api'

/** How long everybody waits when ORCID asks to slow down and does not say for how long. */
const holdMs = 1_000

/**
 * Asks ORCID's API: the one way there. Waits for its turn among all processes, repeats what is safe to repeat, asks
 * nothing while ORCID is known to be away, and leaves a row of what was asked, for whom and why. What ORCID says is an
 * outcome; a database that is away is an error.
 *
 * A DELETE that was repeated may find that its first try has deleted the item, and says `not_found`.
 *
 * A restored database asks nothing before it is released: a permission that came back with it may have ended since.
 *
 * Not to be called within a transaction that has locked the researcher: the row waits for that lock.
 */
export async function callOrcid(actor: Actor, call: OrcidCall): Promise<ApiOutcome> {
  if (await findHold()) return { kind: 'unavailable', reason: 'held', mayHaveArrived: false }
  const startedAt = Date.now()
  let mayHaveArrived = false
  let asked: Asked = null
  for (let tries = 1; ; tries++) {
    const answer = await limitInFlight(() => ask(call))
    if (answer.wasAsked) asked = { ...answer, tries }
    const { outcome } = answer
    if (outcome.kind === 'unavailable') mayHaveArrived ||= outcome.mayHaveArrived
    const waitMs = answer.wasAsked && tries < retryLimits.triesMax ? retryDelayMs(call.method, outcome, tries) : null
    if (waitMs === null || Date.now() - startedAt + waitMs > retryLimits.withinMs) {
      if (asked) await recordCall(actor, call, asked)
      return outcome.kind === 'unavailable' ? { ...outcome, mayHaveArrived } : outcome
    }
    await sleep(waitMs)
  }
}

type Asked = (ApiAnswer & { tries: number }) | null

const unasked = (outcome: ApiOutcome) => ({ outcome, status: null, latencyMs: 0, wasAsked: false })

async function ask(call: OrcidCall): Promise<ApiAnswer & { wasAsked: boolean }> {
  const turn = await acquireSlot()
  if (turn.kind === 'shut') return unasked({ kind: 'unavailable', reason: 'circuit_open', mayHaveArrived: false })
  if (turn.kind === 'wait') return unasked({ kind: 'rate_limited', retryAfterMs: turn.waitMs })
  await sleep(turn.waitMs)
  const { apiUrl, apiProxy } = env().orcid
  const { method, path, token, body } = call
  const answer = await callApi({ url: apiUrl, proxy: apiProxy }, { method, path, token, body })
  await noteOutcome(answer.outcome).catch((error) => log().warn({ err: error }, 'the door was not told'))
  return { ...answer, wasAsked: true }
}

async function noteOutcome(outcome: ApiOutcome): Promise<void> {
  await (isFailure(outcome) ? recordFailure() : recordSuccess())
  if (outcome.kind === 'rate_limited') await delaySlots(outcome.retryAfterMs ?? holdMs)
}

type Recorded = Pick<OrcidCall, 'method' | 'path' | 'researcherId'> & { purpose: CallPurpose }

/**
 * Writes down a call that was made. What ORCID answered must reach the caller even when this fails, as it does where
 * the person was erased meanwhile.
 */
export async function recordCall(actor: Actor, call: Recorded, answer: ApiAnswer & { tries: number }): Promise<void> {
  const { outcome, status, latencyMs, tries } = answer
  const { method, path, researcherId, purpose } = call
  const errorCode = outcome.kind === 'invalid' ? outcome.errorCode : null
  countCall(outcome.kind)
  const data = {
    actorKind: actor.kind,
    actorId: actor.kind === 'researcher' ? actor.researcherId : actor.kind === 'staff' ? actor.staffId : null,
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
    log().warn({ err: error, outcome: outcome.kind }, 'a call to ORCID was not written down')
  }
}

/** Deletes what is written down about calls for a researcher who is being erased. */
export async function eraseCalls(tx: Tx, researcherId: string): Promise<void> {
  await tx.orcidCall.deleteMany({ where: { researcherId } })
}
