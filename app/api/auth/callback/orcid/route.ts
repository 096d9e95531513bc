import { findOwnAttempt, handleCallback } from '@/lib/auth/callback'
import { readRoute } from '@/lib/http/route'

/** Waiting for another callback's outcome and recording through an outage take up to a minute together. */
export const maxDuration = 60

export const GET = readRoute('callback', (_query, { request }) => handleCallback(request, findOwnAttempt(request)))

/** Next answers HEAD by GET unless told otherwise, and a link scanner's HEAD must not use up a code. */
export const HEAD = () => new Response(null, { status: 405, headers: { Allow: 'GET' } })
