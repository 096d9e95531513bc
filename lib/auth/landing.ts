import 'server-only'
import type { NextResponse } from 'next/server'
import type { TripResult } from '@/lib/attempts/attempt'
import { clearedCookie } from '@/lib/auth/cookies'
import { findSignedIn, makeSessionCookie } from '@/lib/auth/session'
import { seeOther } from '@/lib/http/see-other'
import { endSession } from '@/lib/sessions/commands'
import { findStaffMember } from '@/lib/staff/queries'

/**
 * Leads from the callback to the page of the outcome, by a 303, so that neither `code` nor `state` stays in the history.
 * A final outcome clears the trip's cookies; a saved one brings a session, and ends the one before it.
 *
 * @param sessionCookies the `Set-Cookie` lines of next-auth, where it has made the session's cookie
 */
export async function toLanding(result: TripResult, sessionCookies?: string[]): Promise<NextResponse> {
  const response = seeOther(await pathOf(result))
  response.headers.set('Referrer-Policy', 'no-referrer')
  if (result.kind === 'in_progress') return response
  for (const use of ['attempt', 'state', 'nonce', 'csrf', 'callbackUrl'] as const)
    response.cookies.set(clearedCookie(use))
  if (result.kind === 'saved') {
    const before = await findSignedIn()
    if (before && before.actor.sessionId !== result.sessionId) await endSession(before.actor)
    if (!sessionCookies?.length) response.cookies.set(await makeSessionCookie(result.sessionId))
    for (const cookie of sessionCookies ?? []) response.headers.append('Set-Cookie', cookie)
  }
  return response
}

async function pathOf(result: TripResult): Promise<string> {
  if (result.kind === 'saved' && result.outcome === 'signed_in') {
    return (await findStaffMember(result.orcid)) ? '/staff' : '/me'
  }
  const slug = result.kind === 'saved' || result.kind === 'ended' ? result.outcome : result.kind
  const path = `/connect/${slug.replaceAll('_', '-')}`
  return result.kind === 'saved' || !result.reference ? path : `${path}?ref=${result.reference}`
}
