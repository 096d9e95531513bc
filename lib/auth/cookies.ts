import 'server-only'
import { cookies } from 'next/headers'
import { attemptLifetimeS } from '@/lib/attempts/attempt'
import { env } from '@/lib/config/env'
import { sessionLifetimeMs } from '@/lib/sessions/session'

export type CookieUse = 'session' | 'attempt' | 'state' | 'nonce' | 'csrf' | 'callbackUrl' | 'shownLink'

/** In seconds. */
export const lifetimes = {
  session: sessionLifetimeMs / 1_000,
  attempt: attemptLifetimeS,
  state: attemptLifetimeS,
  nonce: attemptLifetimeS,
  csrf: undefined,
  callbackUrl: undefined,
  shownLink: 60,
} satisfies Record<CookieUse, number | undefined>

/** Names a cookie. Over https, `__Host-` binds it to this host. */
export function cookieName(use: CookieUse): string {
  return `${env().secureCookies ? '__Host-' : ''}concord.${use}`
}

/** Hidden from scripts, and not sent with a POST from another site. */
export function cookieOptions(use: CookieUse) {
  return {
    httpOnly: true,
    sameSite: 'lax' as const,
    path: '/',
    secure: env().secureCookies,
    ...(lifetimes[use] === undefined ? {} : { maxAge: lifetimes[use] }),
  }
}

/** Returns an argument for `response.cookies.set`. */
export function makeCookie(use: CookieUse, value: string) {
  return { name: cookieName(use), value, ...cookieOptions(use) }
}

/** The cookie that makes a browser forget another. */
export function clearedCookie(use: CookieUse) {
  return { ...makeCookie(use, ''), maxAge: 0 }
}

/** Clears next-auth's redirect cookie before next-auth reads it. We never set it, and an invalid URL causes a 500. */
export async function dropCallbackUrlCookie(): Promise<void> {
  const jar = await cookies()
  const name = cookieName('callbackUrl')
  if (jar.has(name)) jar.delete(name)
}
