import 'server-only'
import { createHash, randomBytes } from 'node:crypto'
import { cookies } from 'next/headers'
import { NextRequest, type NextResponse } from 'next/server'
import NextAuth from 'next-auth'
import { getLocale } from 'next-intl/server'
import type { AttemptPurpose } from '@/lib/attempts/attempt'
import { startAttempt } from '@/lib/attempts/commands'
import type { ReturnPoint } from '@/lib/attempts/return-point'
import { cookieName, cookieOptions, dropCallbackUrlCookie, makeCookie } from '@/lib/auth/cookies'
import { authOptions } from '@/lib/auth/options'
import { findSignedIn } from '@/lib/auth/session'
import { newestSecret } from '@/lib/auth/session-secrets'
import { env } from '@/lib/config/env'
import { makeSecret } from '@/lib/crypto/secrets'
import { isDatabaseAway } from '@/lib/db'
import { AppError } from '@/lib/errors'
import { seeOther } from '@/lib/http/see-other'
import { orcidLang } from '@/lib/i18n/request'
import { proveSealing } from '@/lib/installation/commands'
import { findHold } from '@/lib/installation/restore-detection'
import { log } from '@/lib/log'
import { orcidEndpoints } from '@/lib/orcid/client'
import { getAskText } from '@/lib/texts/asked'

export type AttemptRequest = {
  purpose: AttemptPurpose
  scopes: string[]
  /** Whether ORCID must ask for the password again, because the last attempt ended with somebody else's account. */
  freshLogin?: boolean
  /** The link by which this person joins the staff. Who was signed in before is then no part of the attempt. */
  staffInvitationId?: string
  /** Where the person wants to be afterwards. */
  returnPoint?: ReturnPoint | null
}

/**
 * Sends somebody to ORCID: a 303, after the attempt is committed and the keys have proven that they can keep what will
 * come back. Where they cannot, or the database is away, nobody is sent: better not to ask than to lose what is given.
 */
export async function beginAttempt(attempt: AttemptRequest, requestId: string): Promise<NextResponse> {
  try {
    await proveSealing()
    await refuseWhileHeld(attempt)
    const signIn = await beginSignIn(attempt)
    const secret = makeSecret()
    const shownText = attempt.purpose !== 'sign_in' ? (await getAskText(attempt.scopes)).shown : null
    await startAttempt({
      reference: requestId,
      purpose: attempt.purpose,
      scopes: attempt.scopes,
      locale: await getLocale(),
      shownText,
      startedById: await findStarter(attempt),
      staffInvitationId: attempt.staffInvitationId ?? null,
      returnPoint: attempt.returnPoint ?? null,
      secret,
      state: signIn.state,
    })
    const response = seeOther(signIn.location)
    // In this order: `cookies.set` writes the header anew, from the cookies that it knows.
    response.cookies.set(makeCookie('attempt', secret))
    for (const cookie of signIn.cookies) response.headers.append('Set-Cookie', cookie)
    return response
  } catch (error) {
    if (!isDatabaseAway(error) && !(error instanceof AppError)) throw error
    log().error({ requestId, err: error }, 'nobody is sent to ORCID')
    return seeOther('/connect/unavailable')
  }
}

/**
 * Nothing is asked of anybody for a database that was restored and not released. Signing in is possible as soon as the
 * copy was checked, because whoever releases it has to.
 */
async function refuseWhileHeld(attempt: AttemptRequest): Promise<void> {
  const hold = await findHold()
  if (hold && (attempt.purpose === 'connect' || !hold.checkedAt)) {
    throw new AppError('restored', 'The database was restored and waits to be released')
  }
}

/** Who is signed in, to notice a different iD at the end; null where somebody else is expected to come back. */
async function findStarter(attempt: AttemptRequest): Promise<string | null> {
  if (attempt.freshLogin || attempt.staffInvitationId) return null
  return (await findSignedIn())?.actor.researcherId ?? null
}

/** Has next-auth make `state` and `nonce` with their cookies, and the address at ORCID that carries them. */
async function beginSignIn(attempt: AttemptRequest) {
  const { origin, orcid } = env()
  const params = {
    scope: attempt.scopes.join(' '),
    lang: orcidLang(await getLocale()),
    ...(attempt.freshLogin ? { prompt: 'login' } : {}),
  }
  await dropCallbackUrlCookie()
  const csrfToken = await setCsrfCookie()
  const request = new NextRequest(`${origin}/api/auth/signin/orcid`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ csrfToken, callbackUrl: origin }),
  })
  const context = { params: Promise.resolve({ nextauth: ['signin', 'orcid'] }) }
  const answer: Response = await NextAuth(request, context, authOptions(params))
  const location = new URL(answer.headers.get('Location') ?? origin)
  const state = location.searchParams.get('state')
  if (!state || `${location.origin}${location.pathname}` !== orcidEndpoints(orcid.issuer).authorize) {
    throw new Error('next-auth did not lead to ORCID')
  }
  // Byte for byte what the exchange will send, whatever host next-auth believes that it runs on.
  location.searchParams.set('redirect_uri', orcid.redirectUri)
  const kept = [`${cookieName('state')}=`, `${cookieName('nonce')}=`]
  const own = answer.headers.getSetCookie().filter((cookie) => kept.some((start) => cookie.startsWith(start)))
  return { state, location: location.href, cookies: own }
}

/**
 * next-auth wants proof that its form was ours. The proof is for this one call inside the server: where the request came
 * from was checked before (`proxy.ts`).
 */
async function setCsrfCookie(): Promise<string> {
  const token = randomBytes(32).toString('hex')
  const hash = createHash('sha256').update(`${token}${newestSecret()}`).digest('hex')
  const jar = await cookies()
  jar.set(cookieName('csrf'), `${token}|${hash}`, cookieOptions('csrf'))
  return token
}
