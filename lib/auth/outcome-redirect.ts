import 'server-only'
import { cookies } from 'next/headers'
import type { NextResponse } from 'next/server'
import { type AttemptResult, deskOutcomeS } from '@/lib/attempts/attempt'
import { findReturn, type ReturnPoint } from '@/lib/attempts/return-point'
import { clearedCookie, cookieName, makeCookie } from '@/lib/auth/cookies'
import { findSignedIn, makeSessionCookie } from '@/lib/auth/session'
import { parseOwnPath } from '@/lib/http/own-path'
import { seeOther } from '@/lib/http/see-other'
import { endSession } from '@/lib/sessions/commands'
import { findStaffMember } from '@/lib/staff/queries'

export type Landing = {
  /** next-auth's `Set-Cookie` line for the session. */
  sessionCookie?: string
  /** The callback belonged to another attempt, so this browser's attempt goes on. */
  keepAttempt?: boolean
  /** On a computer that many people use: nobody stays signed in. */
  atDesk?: boolean
}

/** Redirects, so that `code` and `state` leave the history. A final outcome clears the attempt's cookies. */
export async function redirectToOutcome(
  result: AttemptResult,
  { sessionCookie, keepAttempt, atDesk }: Landing = {},
): Promise<NextResponse> {
  if (atDesk && !keepAttempt && result.kind !== 'in_progress') return leaveDesk()
  const response = seeOther(await pathOf(result))
  // Its page offers to begin again, by the same link.
  const isRepeatable = result.kind === 'ended' && (result.outcome === 'code_expired' || result.outcome === 'denied')
  if (result.kind === 'in_progress' || isRepeatable || keepAttempt) return response
  for (const use of ['attempt', 'state', 'nonce', 'csrf', 'callbackUrl'] as const) {
    response.cookies.set(clearedCookie(use))
  }
  if (result.kind === 'saved') {
    // A saved attempt replaces the previous session.
    const before = await findSignedIn()
    if (before && before.actor.sessionId !== result.sessionId) await endSession(before.actor)
    if (!sessionCookie) response.cookies.set(await makeSessionCookie(result.sessionId))
    // Append last: `cookies.set` rewrites the header from the cookies it knows.
    else response.headers.append('Set-Cookie', sessionCookie)
  }
  return response
}

/** The page that says how it ended finds the attempt for two minutes; the session was over when it began. */
async function leaveDesk(): Promise<NextResponse> {
  const response = seeOther('/connect/at-desk')
  const before = await findSignedIn()
  if (before) await endSession(before.actor)
  const secret = (await cookies()).get(cookieName('attempt'))?.value
  if (secret) response.cookies.set({ ...makeCookie('attempt', secret), maxAge: deskOutcomeS })
  for (const use of ['session', 'state', 'nonce', 'csrf', 'callbackUrl'] as const) {
    response.cookies.set(clearedCookie(use))
  }
  return response
}

async function pathOf(result: AttemptResult): Promise<string> {
  if (result.kind === 'saved' && result.outcome === 'signed_in') {
    const [member, { isInvited, point }] = await Promise.all([
      findStaffMember(result.orcid),
      findReturn(result.reference),
    ])
    if (member) return pathOfReturn(point) ?? '/staff'
    // The invitation was used or withdrawn during the sign-in.
    if (isInvited) return '/join/over'
    // Researchers without a role must not learn of staff pages.
    return (isOfStaff(point) ? null : pathOfReturn(point)) ?? '/me'
  }
  if (result.kind === 'saved' && result.outcome === 'narrowed')
    return `/me/narrowed?${new URLSearchParams({ result: 'narrowed', ref: result.reference })}`
  if (result.kind === 'tried' && result.trialId) return `/staff/try?trial=${result.trialId}#came-back`
  if (result.kind === 'tried' && result.isRefused) return `/connect/tried-refused?ref=${result.reference}`
  const slug = result.kind === 'saved' || result.kind === 'ended' ? result.outcome : result.kind
  const path = `/connect/${slug.replaceAll('_', '-')}`
  return result.kind === 'saved' ? path : `${path}?ref=${result.reference}`
}

const isOfStaff = (point: ReturnPoint | null) => /^\/staff\b/.test(point?.path ?? '')

/** `kept` in the query says that the form has saved input. */
function pathOfReturn(point: ReturnPoint | null): string | null {
  const path = parseOwnPath(point?.path)
  if (!path || !point?.form) return path
  const [, page = '', fragment = ''] = /^([^#]*)(.*)$/.exec(path) ?? []
  return `${page}${page.includes('?') ? '&' : '?'}kept=yes${fragment}`
}
