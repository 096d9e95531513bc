import 'server-only'
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { acquireSlot } from '@/lib/calls/api-slots'
import { recordCall, updateRateLimit } from '@/lib/calls/commands'
import { env } from '@/lib/config/env'
import { db, type Tx } from '@/lib/db'
import { keyRing } from '@/lib/installation/commands'
import { findHold } from '@/lib/installation/restore-detection'
import { processApiAnswer } from '@/lib/orcid/api'
import { type OrcidAnswer, type OrcidRequest, sendToOrcid } from '@/lib/orcid/transport'
import { type Arrival, arrival, type Trace, trace, traceAnswer, traceRequest } from '@/lib/trials/trace'
import type { StepKind } from '@/lib/trials/trial'

/** `number` starts at 1 in each trial. */
type NumberedStep = { id: string; kind: StepKind; at: Date; number: number }
export type TracedStep = NumberedStep & { trace: Trace; arrival?: undefined }
export type Step = TracedStep | (NumberedStep & { arrival: Arrival; trace?: undefined })

const stepAad = (row: string) => ({
  table: 'trial_step',
  row,
  column: 'sealed_content',
  registry: env().orcid.registry,
})

/** Adds a step to a trial; its content is sealed. */
export async function addStep(
  store: Pick<Tx, 'trialStep'>,
  trialId: string,
  kind: StepKind,
  content: Trace | Arrival,
): Promise<void> {
  const id = randomUUID()
  const sealedContent = keyRing().seal(JSON.stringify(content), stepAad(id))
  await store.trialStep.create({ data: { id, trialId, kind, sealedContent }, select: { id: true } })
}

const content = z.union([
  trace.transform((found) => ({ trace: found })),
  arrival.transform((found) => ({ arrival: found })),
])

/** Oldest first. */
export async function listSteps(trialId: string): Promise<Step[]> {
  const rows = await db().trialStep.findMany({
    where: { trialId },
    orderBy: [{ at: 'asc' }, { id: 'asc' }],
    select: { id: true, kind: true, at: true, sealedContent: true },
  })
  return rows.map(({ sealedContent, ...step }, at) => ({
    ...step,
    number: at + 1,
    ...content.parse(JSON.parse(keyRing().open(sealedContent, stepAad(step.id)))),
  }))
}

/** Sends a request without retries, unless a restored database awaits its release. Returns the answer and its trace. */
export async function sendTraced(
  request: OrcidRequest,
  secrets: readonly string[],
): Promise<{ received: OrcidAnswer; trace: Trace }> {
  const sent = traceRequest(request, secrets)
  if (await findHold()) return { received: { kind: 'not_sent' }, trace: notSentTrace(sent, 'held') }
  const received = await sendToOrcid(request)
  return { received, trace: { request: sent, answer: traceAnswer(received, secrets) } }
}

/** As `sendTraced`, to the API: takes an API slot and records the call. */
export async function callTraced(
  actor: StaffActor,
  { method, path, token, body }: { method: 'GET' | 'POST' | 'DELETE'; path: string; token: string; body?: unknown },
): Promise<{ received: OrcidAnswer; trace: Trace }> {
  const { apiUrl, apiProxy } = env().orcid
  const text = body === undefined ? null : JSON.stringify(body)
  const request = { method, url: `${apiUrl}${path}`, body: text, bearer: token, proxy: apiProxy }
  if (await findHold()) {
    return { received: { kind: 'not_sent' }, trace: notSentTrace(traceRequest(request, [token]), 'held') }
  }
  const slot = await acquireSlot()
  if (slot.kind !== 'go') {
    const reason = slot.kind === 'circuit_open' ? 'away' : 'wait'
    return { received: { kind: 'not_sent' }, trace: notSentTrace(traceRequest(request, [token]), reason) }
  }
  await sleep(slot.waitMs)
  const startedAt = performance.now()
  const { received, trace: shown } = await sendTraced(request, [token])
  const latencyMs = Math.round(performance.now() - startedAt)
  const outcome = processApiAnswer(received, { method, path, token })
  await updateRateLimit(outcome)
  const status = received.kind === 'not_sent' ? null : received.status
  // Only the trial says whose record it was, and it is deleted after a day.
  const kindOfPath = path.replace(/^\/[^/]+/, '/{orcid}')
  await recordCall(
    actor,
    { method, path: kindOfPath, researcherId: null, purpose: 'trial' },
    { outcome, status, latencyMs, tries: 1 },
  )
  return { received, trace: shown }
}

const notSentTrace = (request: Trace['request'], reason: 'wait' | 'away' | 'held'): Trace => ({
  request,
  answer: { kind: 'not_asked', reason },
})
