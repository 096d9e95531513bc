import { findOwnAttempt, handleCallback } from '@/lib/auth/callback'
import { enforceRateLimit } from '@/lib/http/request-limit'
import { readRoute } from '@/lib/http/route'

/** Waiting for another callback's outcome and recording through an outage take up to a minute together. */
export const maxDuration = 60

export const GET = readRoute(async (_query, { request }) => {
  // Asked for while the use is counted, and of no use where that refuses.
  const attempt = findOwnAttempt(request)
  attempt.catch(() => undefined)
  return (await enforceRateLimit(request, 'callback')) ?? handleCallback(request, attempt)
})

/** Next answers HEAD by GET unless told otherwise, and a link scanner's HEAD must not use up a code. */
export const HEAD = () => new Response(null, { status: 405, headers: { Allow: 'GET' } })
