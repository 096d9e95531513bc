import 'server-only'
import { createHash, randomBytes } from 'node:crypto'
import { cookies } from 'next/headers'
import { NextRequest, type NextResponse } from 'next/server'
import NextAuth from 'next-auth'
import { type AttemptOrigin, type AttemptPurpose, noOrigin } from '@/lib/attempts/attempt'
import { startAttempt } from '@/lib/attempts/commands'
import type { ReturnPoint } from '@/lib/attempts/return-point'
import { cookieName, cookieOptions, dropCallbackUrlCookie, makeCookie } from '@/lib/auth/cookies'
import { authOptions } from '@/lib/auth/options'
import { type Prefill, toPrefillParams } from '@/lib/auth/prefill'
import { findSignedIn } from '@/lib/auth/session'
import { newestSecret } from '@/lib/auth/session-secrets'
import { findAskingCampaign } from '@/lib/campaigns/asking'
import { env } from '@/lib/config/env'
import { makeSecret } from '@/lib/crypto/secrets'
import { isDatabaseUnavailable } from '@/lib/db'
import { AppError } from '@/lib/errors'
import { seeOther } from '@/lib/http/see-other'
import { getLanguage, orcidLang } from '@/lib/i18n/request'
import { proveSealing } from '@/lib/installation/commands'
import { refuseWhileNotWriting } from '@/lib/installation/queries'
import { findHold } from '@/lib/installation/restore-detection'
import { log } from '@/lib/log'
import { orcidEndpoints } from '@/lib/orcid/client'
import { refreshSettings } from '@/lib/settings/queries'
import { getShownText } from '@/lib/texts/asked'
import { reasonsAsWords, type ShownSystem, type ShownText } from '@/lib/texts/text'

export type AttemptRequest = {
  purpose: AttemptPurpose
  scopes: string[]
  /** The last attempt ended with somebody else's account: ORCID must ask for the password again. */
  freshLogin?: boolean
  /** The same person proves again who they are. */
  asksPassword?: boolean
  /** A staff invitation. Any signed-in person is then no part of the attempt. */
  staffInvitationId?: string
  returnPoint?: ReturnPoint | null
  /** The campaign or personal link that led here. */
  origin?: AttemptOrigin
  /** Which systems the text above the button named: those of this version, or those of an earlier text. */
  named?: { version?: string; carried?: ShownSystem[] }
  /** The reasons of an earlier text, by scope, where nothing new is asked for. */
  reasons?: ReadonlyMap<string, string>
  /** What ORCID's forms are filled in with. */
  prefill?: Prefill | null
}

/**
 * Commits an attempt and redirects to ORCID with a 303. First proves that the keys can seal a grant. If they cannot, or
 * the database is away, nobody is sent, because a given permission would be lost.
 */
export async function beginAttempt(attempt: AttemptRequest, requestId: string): Promise<NextResponse> {
  try {
    await proveSealing()
    await refuseWhileNotWriting()
    await refuseWhileHeld(attempt)
    refuseBeforeReady(attempt)
    const signIn = await beginSignIn(attempt)
    const secret = makeSecret()
    const shownText = attempt.purpose !== 'sign_in' ? await findShownText(attempt) : null
    await startAttempt({
      reference: requestId,
      purpose: attempt.purpose,
      scopes: attempt.scopes,
      locale: await getLanguage(),
      shownText,
      startedById: await findStarter(attempt),
      staffInvitationId: attempt.staffInvitationId ?? null,
      origin: attempt.origin ?? noOrigin,
      returnPoint: attempt.returnPoint ?? null,
      secret,
      state: signIn.state,
    })
    const response = seeOther(signIn.location)
    // Append last: `cookies.set` rewrites the header from the cookies it knows.
    response.cookies.set(makeCookie('attempt', secret))
    for (const cookie of signIn.cookies) response.headers.append('Set-Cookie', cookie)
    return response
  } catch (error) {
    if (error instanceof AppError && error.code === 'text_changed') {
      // The next page has the new words, also where another process saved them.
      await refreshSettings()
      return seeOther('/connect/text-changed')
    }
    if (!isDatabaseUnavailable(error) && !(error instanceof AppError)) throw error
    log().error({ requestId, err: error }, 'failed to start a connection attempt')
    return seeOther('/connect/unavailable')
  }
}

async function findShownText({ scopes, origin, named, reasons }: AttemptRequest): Promise<ShownText> {
  const campaign = origin?.campaignId ? await findAskingCampaign({ id: origin.campaignId }, await getLanguage()) : null
  const earlier = reasons && reasonsAsWords(reasons)
  return getShownText(scopes, { words: campaign?.words ?? earlier, ...named })
}

// An administrator signs in to say who asks and whom to write to.
function refuseBeforeReady({ purpose }: AttemptRequest): void {
  if (purpose === 'connect' && !env().institution.isReady) {
    throw new AppError('not_ready', 'INSTITUTION_NAME or SUPPORT_EMAIL is not set')
  }
}

// Asks for no permission while a restored database is held. Sign-in works once the copy was checked, because an
// administrator must release it.
async function refuseWhileHeld(attempt: AttemptRequest): Promise<void> {
  const hold = await findHold()
  if (hold && (attempt.purpose === 'connect' || !hold.checkedAt)) {
    throw new AppError('restored', 'The restored database is not released yet')
  }
}

/** Returns the signed-in person, to detect a different iD later. Null if another person is expected. */
async function findStarter(attempt: AttemptRequest): Promise<string | null> {
  if (attempt.freshLogin || attempt.staffInvitationId) return null
  return (await findSignedIn())?.actor.researcherId ?? null
}

/** Has next-auth make `state`, `nonce`, their cookies and the authorization URL. */
async function beginSignIn(attempt: AttemptRequest) {
  const { origin, orcid } = env()
  const params = {
    scope: attempt.scopes.join(' '),
    lang: orcidLang(await getLanguage()),
    // With `max_age` a provider has to say when the sign-in was.
    ...(attempt.freshLogin || attempt.asksPassword ? { prompt: 'login', max_age: '0' } : {}),
    ...toPrefillParams(attempt.prefill ?? null, orcid.issuer),
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
    throw new Error('next-auth did not redirect to ORCID')
  }
  // Must equal the exchange's URI byte for byte, whatever host next-auth assumes.
  location.searchParams.set('redirect_uri', orcid.redirectUri)
  const prefixes = [`${cookieName('state')}=`, `${cookieName('nonce')}=`]
  const own = answer.headers.getSetCookie().filter((cookie) => prefixes.some((start) => cookie.startsWith(start)))
  return { state, location: location.href, cookies: own }
}

/** next-auth requires its CSRF token even for this internal call. `proxy.ts` has checked the request's origin. */
async function setCsrfCookie(): Promise<string> {
  const token = randomBytes(32).toString('hex')
  const hash = createHash('sha256').update(`${token}${newestSecret()}`).digest('hex')
  const jar = await cookies()
  jar.set(cookieName('csrf'), `${token}|${hash}`, cookieOptions('csrf'))
  return token
}
