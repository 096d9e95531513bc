import { findOwnAttempt, handleCallback } from '@/lib/auth/callback'
import { frontRoute } from '@/lib/http/front'
import { readRoute } from '@/lib/http/route'
import { refuseTooMany } from '@/lib/http/too-many'

/** Waiting for another callback's outcome and recording through an outage take up to a minute together. */
export const maxDuration = 60

export const GET = frontRoute(
  readRoute(async (_query, { request }) => {
    // Asked for while the use is counted, and of no use where that refuses.
    const attempt = findOwnAttempt(request)
    attempt.catch(() => undefined)
    return (await refuseTooMany(request, 'callback')) ?? handleCallback(request, attempt)
  }),
)

/** Next answers HEAD by GET unless told otherwise, and a link scanner's HEAD must not use up a code. */
const refuse = frontRoute(async () => new Response(null, { status: 405, headers: { Allow: 'GET' } }))

export { refuse as DELETE, refuse as HEAD, refuse as PATCH, refuse as POST, refuse as PUT }

/** Next would tell of all the methods that are refused. */
export const OPTIONS = frontRoute(
  async () => new Response(null, { status: 204, headers: { Allow: 'GET, HEAD, OPTIONS' } }),
)
