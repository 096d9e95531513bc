import 'server-only'
import type { NextAuthOptions } from 'next-auth'
import { encode } from 'next-auth/jwt'
import { cookieName, cookieOptions } from '@/lib/auth/cookies'
import { type Exchange, orcidProvider } from '@/lib/auth/provider'
import { newestSecret } from '@/lib/auth/session-secrets'
import { env } from '@/lib/config/env'
import { log } from '@/lib/log'
import { sessionLifetimeMs } from '@/lib/sessions/session'

/** next-auth's token holds only the session's id. `attemptSecret`: may be the previous secret during its change. */
export function authOptions(
  params: Record<string, string>,
  exchange?: Exchange,
  attemptSecret = newestSecret(),
): NextAuthOptions {
  const cookie = (use: Parameters<typeof cookieName>[0]) => ({ name: cookieName(use), options: cookieOptions(use) })
  return {
    secret: newestSecret(),
    session: { strategy: 'jwt', maxAge: sessionLifetimeMs / 1_000 },
    // next-auth opens `state` and `nonce` with this secret and its own decoder.
    jwt: { secret: attemptSecret, encode: (options) => encode({ ...options, secret: newestSecret() }) },
    providers: [orcidProvider(params, exchange)],
    useSecureCookies: env().secureCookies,
    cookies: {
      sessionToken: cookie('session'),
      csrfToken: cookie('csrf'),
      callbackUrl: cookie('callbackUrl'),
      state: cookie('state'),
      nonce: cookie('nonce'),
    },
    callbacks: {
      jwt: ({ token, user }) => (user ? { sid: user.id } : { sid: token.sid }),
    },
    // next-auth's own logger writes tokens and profiles, so log only the error's name.
    logger: {
      error: (code) => log().warn({ nextAuth: code }, 'next-auth stopped'),
      warn: (code) => log().debug({ nextAuth: code }, 'next-auth'),
      debug: () => undefined,
    },
  }
}
