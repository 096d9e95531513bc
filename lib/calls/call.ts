import { backoffMs } from '@/lib/backoff'
import type { ApiMethod, ApiOutcome } from '@/lib/orcid/api'

/** Why ORCID is asked. */
export type CallPurpose = 'check' | 'read' | 'public' | 'affiliation' | 'trial'

/** A call to ORCID's API and whom it is about; `researcherId` is null where that is nobody of ours. */
export type OrcidCall = {
  method: ApiMethod
  /** After `/v3.0`. */
  path: string
  token: string
  body?: unknown
  researcherId: string | null
  purpose: CallPurpose
}

/** How often a call is made at most, and until when after its beginning another try may begin. */
export const retryLimits = { triesMax: 3, withinMs: 10_000 }

const backoff = { firstMs: 500, maxMs: 8_000 }

/**
 * Milliseconds until the next try of a call that `tries` times came to nothing; null when it must not be repeated, or
 * when ORCID wants us to wait for longer than anybody waits for a call. A POST of which ORCID may have read a byte might
 * make a second item; reading, replacing and deleting end the same, however often they are done.
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

/** Whether an outcome says that ORCID is away or overwhelmed, rather than anything about the call. */
export function isFailure(outcome: ApiOutcome): boolean {
  return outcome.kind === 'unavailable' || outcome.kind === 'rate_limited'
}
