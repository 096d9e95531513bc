import { backoffMs } from '@/lib/backoff'
import type { ApiMethod, ApiOutcome } from '@/lib/orcid/api'

export type CallPurpose = 'check' | 'read' | 'public' | 'affiliation' | 'trial'

/** A request to ORCID's API; `researcherId` is null when the record belongs to nobody here. */
export type OrcidCall = {
  method: ApiMethod
  /** After `/v3.0`. */
  path: string
  token: string
  body?: unknown
  researcherId: string | null
  purpose: CallPurpose
}

/** `withinMs`: no retry begins later than this after the first try. */
export const retryLimits = { triesMax: 3, withinMs: 10_000 }

const backoff = { firstMs: 500, maxMs: 8_000 }

/**
 * Milliseconds until the next try, or null when the call must not be retried: ORCID may have read a POST and would make a
 * second item, or asks for a longer pause than a caller waits. GET, PUT and DELETE are safe to repeat.
 */
export function retryDelayMs(method: ApiMethod, outcome: ApiOutcome, tries: number): number | null {
  if (outcome.kind === 'unavailable') {
    return method === 'POST' && outcome.mayHaveArrived ? null : backoffMs(tries, backoff)
  }
  if (outcome.kind !== 'rate_limited' || method === 'POST') return null
  const { retryAfterMs } = outcome
  if (retryAfterMs !== null && retryAfterMs > backoff.maxMs) return null
  return (retryAfterMs ?? 0) + backoffMs(tries, backoff)
}

/** Whether ORCID is away or overloaded, which says nothing about the call itself. */
export function isFailure(outcome: ApiOutcome): boolean {
  return outcome.kind === 'unavailable' || outcome.kind === 'rate_limited'
}
