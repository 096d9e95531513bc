import 'server-only'
import type { NextResponse } from 'next/server'
import type { AttemptResult } from '@/lib/attempts/attempt'
import { findReturn, type ReturnPoint } from '@/lib/attempts/return-point'
import { clearedCookie } from '@/lib/auth/cookies'
import { findSignedIn, makeSessionCookie } from '@/lib/auth/session'
import { parseOwnPath } from '@/lib/http/own-path'
import { seeOther } from '@/lib/http/see-other'
import { endSession } from '@/lib/sessions/commands'
import { findStaffMember } from '@/lib/staff/queries'

export type Landing = {
  /** The `Set-Cookie` line of next-auth, where it has made the session's cookie. */
  sessionCookie?: string
  /** Whether the attempt that this browser is on goes on: what came back was not of this attempt. */
  keepAttempt?: boolean
}

/**
 * Leads from the callback to the page of the outcome, by a 303, so that neither `code` nor `state` stays in the history.
 * A final outcome clears the attempt's cookies, unless the attempt can be repeated; a saved one brings a session, and ends the
 * one before it.
 */
export async function toLanding(
  result: AttemptResult,
  { sessionCookie, keepAttempt }: Landing = {},
): Promise<NextResponse> {
  const response = seeOther(await pathOf(result))
  const isRepeatable = result.kind === 'ended' && result.outcome === 'code_expired'
  if (result.kind === 'in_progress' || isRepeatable || keepAttempt) return response
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

async function pathOf(result: AttemptResult): Promise<string> {
  if (result.kind === 'saved' && result.outcome === 'signed_in') {
    const [member, { isInvited, point }] = await Promise.all([
      findStaffMember(result.orcid),
      findReturn(result.reference),
    ])
    if (member) return pathOfReturn(point) ?? '/staff'
    // The link was used up, or withdrawn, while they were at ORCID.
    if (isInvited) return '/join/over'
    // To them the pages of the staff do not exist.
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

/** The page that somebody asked for; `kept` in its address says that something stands ready for its form. */
function pathOfReturn(point: ReturnPoint | null): string | null {
  const path = parseOwnPath(point?.path)
  if (!path || !point?.form) return path
  const [, page = '', fragment = ''] = /^([^#]*)(.*)$/.exec(path) ?? []
  return `${page}${page.includes('?') ? '&' : '?'}kept=yes${fragment}`
}
