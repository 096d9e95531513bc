import 'server-only'
import { NextRequest, type NextResponse } from 'next/server'
import NextAuth from 'next-auth'
import { z } from 'zod'
import { type AttemptResult, recoveryAfterS } from '@/lib/attempts/attempt'
import { endAttempt } from '@/lib/attempts/commands'
import { completeAttempt, waitForCallback } from '@/lib/attempts/exchange'
import type { AttemptOutcome } from '@/lib/attempts/outcome'
import { type CallbackAttempt, findAttemptBySecret, findAttemptByState } from '@/lib/attempts/queries'
import { cookieName, dropCallbackUrlCookie } from '@/lib/auth/cookies'
import { authOptions } from '@/lib/auth/options'
import { type Landing, redirectToOutcome } from '@/lib/auth/outcome-redirect'
import type { Exchange } from '@/lib/auth/provider'
import { findSignedIn } from '@/lib/auth/session'
import { findAttemptSecret } from '@/lib/auth/session-secrets'
import { env } from '@/lib/config/env'
import { equalSecrets, hashSecret, makeReference } from '@/lib/crypto/secrets'
import { isDatabaseUnavailable } from '@/lib/db'
import { databaseUnavailablePage } from '@/lib/http/plain-page'
import { refuseWhileNotWriting } from '@/lib/installation/queries'
import { findHold } from '@/lib/installation/restore-detection'
import { log } from '@/lib/log'
import { countAttempt } from '@/lib/metrics'
import { findTrialByState, receiveTrialCallback } from '@/lib/trials/callback'

const text = z.string().min(1).max(2_048).optional().catch(undefined)
const query = z.object({ code: text, state: text, error: z.string().max(100).optional().catch(undefined) })
type Query = z.infer<typeof query>

/** Returns the attempt whose secret this browser holds. */
export async function findOwnAttempt(request: NextRequest): Promise<CallbackAttempt | null> {
  const secret = request.cookies.get(cookieName('attempt'))?.value
  return secret ? findAttemptBySecret(secret) : null
}

/**
 * Handles an arrival from ORCID without an attempt. It leaves the code unused, because the code may belong to somebody
 * else. Nothing is lost: ORCID does not ask twice for the same permission.
 */
export async function handleArrival(request: NextRequest): Promise<NextResponse> {
  const requestId = request.headers.get('x-request-id') ?? makeReference()
  const { error } = query.parse(Object.fromEntries(request.nextUrl.searchParams))
  return land(
    { result: error ? refused(error, requestId) : { kind: 'sent_by_orcid', reference: requestId }, keepAttempt: true },
    requestId,
  )
}

/** Only a `state` of this browser's attempt changes that attempt. Only a claimable attempt reaches next-auth. */
export async function handleCallback(
  request: NextRequest,
  own: Promise<CallbackAttempt | null>,
): Promise<NextResponse> {
  const requestId = request.headers.get('x-request-id') ?? makeReference()
  try {
    // A standby may also lack the attempt.
    await refuseWhileNotWriting()
    const returned = query.parse(Object.fromEntries(request.nextUrl.searchParams))
    const attempt = await own
    const classified = await classify(request, attempt, returned, requestId)
    return await land({ ...classified, atDesk: attempt?.atDesk }, requestId)
  } catch (error) {
    if (!isDatabaseUnavailable(error)) throw error
    // The code is valid for minutes, so the page retries with the cookies unchanged.
    log().error({ requestId, err: error }, 'database unavailable at the callback')
    countAttempt('database_away')
    return databaseUnavailablePage()
  }
}

type Classified = { result: AttemptResult } & Landing

function land(classified: Classified, requestId: string): Promise<NextResponse> {
  const { kind, reference, ...result } = classified.result
  const outcome = 'outcome' in result ? result.outcome : undefined
  countAttempt(outcome ?? kind)
  // A callback of another attempt is logged under the request's reference only.
  log().info({ requestId, attempt: classified.keepAttempt ? undefined : reference, kind, outcome }, 'callback')
  return redirectToOutcome(classified.result, classified)
}

async function classify(
  request: NextRequest,
  attempt: CallbackAttempt | null,
  returned: Query,
  requestId: string,
): Promise<Classified> {
  const { code, state, error } = returned
  const own = attempt && state && equalSecrets(hashSecret(state), attempt.stateHash)
  if (!own) {
    const result = (await receiveTrial(request, returned)) ?? (await classifyForeign(attempt, returned, requestId))
    return { result, keepAttempt: true }
  }
  if (attempt.state !== 'started') {
    const isFresh = attempt.claimedAt && Date.now() - attempt.claimedAt.getTime() < recoveryAfterS * 1_000
    // A saved grant must not give a second session. The outcome may be shown again.
    const mayShow = isFresh || attempt.state === 'ended'
    return { result: mayShow ? await waitForCallback(attempt) : { kind: 'already_used', reference: attempt.reference } }
  }
  if (error) return { result: await finishAttempt(attempt, outcomeOfError(error)) }
  if (!code) return { result: await finishAttempt(attempt, 'nothing_came_back') }
  if (attempt.expiresAt <= new Date()) return { result: await finishAttempt(attempt, 'expired') }
  return exchangeByNextAuth(request, attempt, { code, state, requestId })
}

/** Returns null unless `state` belongs to a staff member's trial, in any browser. */
async function receiveTrial(request: NextRequest, { state, error }: Query): Promise<AttemptResult | null> {
  const trial = state ? await findTrialByState(state) : null
  if (!trial) return null
  const signedIn = await findSignedIn()
  const staff = signedIn?.staff
  const isHere = staff?.role === 'admin' && staff.id === trial.staffId
  await receiveTrialCallback(trial, isHere, request.nextUrl)
  const { id, reference } = trial
  return { kind: 'tried', reference, trialId: isHere ? id : null, isRefused: error !== undefined }
}

// A callback of another tab or browser, a replay or a forgery. ORCID's own arrivals have no `state` (Institutional
// Connect, notifications to e-mail domains, Search & Link).
async function classifyForeign(
  ownAttempt: CallbackAttempt | null,
  { code, state, error }: Query,
  reference: string,
): Promise<AttemptResult> {
  if (error) return refused(error, reference)
  if (!code) return { kind: 'ended', outcome: 'nothing_came_back', reference }
  if (!state) return { kind: 'sent_by_orcid', reference }
  const other = await findAttemptByState(state)
  if (!other || other.outcome === 'expired' || (other.state === 'started' && other.expiresAt <= new Date()))
    return { kind: 'ended', outcome: 'expired', reference }
  if (other.state !== 'started') return { kind: 'already_used', reference }
  return ownAttempt ? { kind: 'ended', outcome: 'expired', reference } : { kind: 'other_browser', reference }
}

const refused = (error: string, reference: string): AttemptResult => ({
  kind: 'ended',
  outcome: outcomeOfError(error),
  reference,
})

/** https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1 */
function outcomeOfError(error: string): AttemptOutcome {
  if (error === 'access_denied') return 'denied'
  return error === 'server_error' || error === 'temporarily_unavailable' ? 'orcid_unavailable' : 'orcid_refused'
}

async function finishAttempt(attempt: CallbackAttempt, outcome: AttemptOutcome): Promise<AttemptResult> {
  const ended = await endAttempt(attempt, ['started'], outcome)
  return ended ? { kind: 'ended', outcome, reference: attempt.reference } : waitForCallback(attempt)
}

// next-auth checks its `state` and `nonce` cookies and calls `exchange`. It gets only `code` and `state`, because it
// would read other parameters too, which anybody can write.
async function exchangeByNextAuth(
  request: NextRequest,
  attempt: CallbackAttempt,
  { code, state, requestId }: { code: string; state: string; requestId: string },
): Promise<Classified> {
  let result: AttemptResult | undefined
  let failure: unknown
  const hold = findHold()
  // next-auth may stop before anything awaits this.
  hold.catch(() => undefined)
  const exchange: Exchange = async (answer) => {
    try {
      result = await completeAttempt(attempt, { ...answer, requestId, hold })
      return result.kind === 'saved' ? result.sessionId : null
    } catch (error) {
      failure = error
      throw error
    }
  }
  const stateCookie = cookieName('state')
  const attemptSecret = await findAttemptSecret(request.cookies.get(stateCookie)?.value, stateCookie)
  await dropCallbackUrlCookie()
  const options = authOptions({}, exchange, attemptSecret)
  const url = `${env().origin}/api/auth/callback/orcid?${new URLSearchParams({ code, state })}`
  const context = { params: Promise.resolve({ nextauth: ['callback', 'orcid'] }) }
  const answer: Response = await NextAuth(new NextRequest(url, { headers: request.headers }), context, options)
  if (failure) throw failure
  // next-auth stopped before the exchange: its cookies are missing, expired or of another attempt.
  if (!result) return { result: await finishAttempt(attempt, 'expired') }
  const sessionCookie = answer.headers.getSetCookie().find((line) => line.startsWith(`${cookieName('session')}=`))
  return { result, sessionCookie: result.kind === 'saved' ? sessionCookie : undefined }
}
