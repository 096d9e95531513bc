import 'server-only'
import type { NextResponse } from 'next/server'
import type { TripResult } from '@/lib/attempts/attempt'
import { isInvitedTrip } from '@/lib/attempts/queries'
import { clearedCookie } from '@/lib/auth/cookies'
import { findSignedIn, makeSessionCookie } from '@/lib/auth/session'
import { seeOther } from '@/lib/http/see-other'
import { endSession } from '@/lib/sessions/commands'
import { findStaffMember } from '@/lib/staff/queries'

export type Landing = {
  /** The `Set-Cookie` line of next-auth, where it has made the session's cookie. */
  sessionCookie?: string
  /** Whether the trip that this browser is on goes on: what came back was not of this trip. */
  keepTrip?: boolean
}

/**
 * Leads from the callback to the page of the outcome, by a 303, so that neither `code` nor `state` stays in the history.
 * A final outcome clears the trip's cookies, unless the trip can be repeated; a saved one brings a session, and ends the
 * one before it.
 */
export async function toLanding(result: TripResult, { sessionCookie, keepTrip }: Landing = {}): Promise<NextResponse> {
  const response = seeOther(await pathOf(result))
  const isRepeatable = result.kind === 'ended' && result.outcome === 'code_expired'
  if (result.kind === 'in_progress' || isRepeatable || keepTrip) return response
  for (const use of ['attempt', 'state', 'nonce', 'csrf', 'callbackUrl'] as const) {
    response.cookies.set(clearedCookie(use))
  }
  if (result.kind === 'saved') {
    const before = await findSignedIn()
    if (before && before.actor.sessionId !== result.sessionId) await endSession(before.actor)
    if (!sessionCookie) response.cookies.set(await makeSessionCookie(result.sessionId))
    // Last: `cookies.set` writes the header anew, from the cookies that it knows.
    else response.headers.append('Set-Cookie', sessionCookie)
  }
  return response
}

async function pathOf(result: TripResult): Promise<string> {
  if (result.kind === 'saved' && result.outcome === 'signed_in') {
    if (await findStaffMember(result.orcid)) return '/staff'
    // The link was used up, or withdrawn, while they were at ORCID.
    return (await isInvitedTrip(result.reference)) ? '/join/over' : '/me'
  }
  if (result.kind === 'saved' && result.outcome === 'narrowed')
    return `/me/narrowed?${new URLSearchParams({ result: 'narrowed', ref: result.reference })}`
  const slug = result.kind === 'saved' || result.kind === 'ended' ? result.outcome : result.kind
  const path = `/connect/${slug.replaceAll('_', '-')}`
  return result.kind === 'saved' ? path : `${path}?ref=${result.reference}`
}
