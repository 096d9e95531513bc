import type { ApiMethod, ApiOutcome } from '@/lib/orcid/api'
import { backoffMs } from '@/lib/rate-limit/backoff'

export type CallPurpose = 'check' | 'read' | 'public' | 'affiliation' | 'trial' | 'delegation'

/** `researcherId` is null if the record belongs to nobody here. */
export type OrcidCall = {
  method: ApiMethod
  /** After `/v3.0`. */
  path: string
  token: string
  body?: unknown
  /** Of a GET: the media type of the answer, which stays text. */
  accept?: string
  researcherId: string | null
  purpose: CallPurpose
}

/** `withinMs` after the first try, no retry begins. */
export const retryLimits = { triesMax: 3, withinMs: 10_000 }

const backoff = { firstMs: 500, maxMs: 8_000 }

/** Returns null for no retry: a repeated POST could create a second item, or ORCID wants a pause above `maxMs`. */
export function retryDelayMs(method: ApiMethod, outcome: ApiOutcome, tries: number): number | null {
  if (outcome.kind === 'unavailable') {
    return method === 'POST' && outcome.mayHaveArrived ? null : backoffMs(tries, backoff)
  }
  if (outcome.kind !== 'rate_limited' || method === 'POST') return null
  const { retryAfterMs } = outcome
  if (retryAfterMs !== null && retryAfterMs > backoff.maxMs) return null
  return (retryAfterMs ?? 0) + backoffMs(tries, backoff)
}

/** Whether the outcome says something about ORCID only, and nothing about the call. */
export function isFailure(outcome: ApiOutcome): boolean {
  return outcome.kind === 'unavailable' || outcome.kind === 'rate_limited'
}
