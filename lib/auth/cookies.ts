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

/** A cookie's name: bound to this host by `__Host-` wherever the portal is reached over https. */
export function cookieName(use: CookieUse): string {
  return `${env().secureCookies ? '__Host-' : ''}concord.${use}`
}

/** A cookie that no script reads and no other site sends along with a POST. */
export function cookieOptions(use: CookieUse) {
  return {
    httpOnly: true,
    sameSite: 'lax' as const,
    path: '/',
    secure: env().secureCookies,
    ...(lifetimes[use] === undefined ? {} : { maxAge: lifetimes[use] }),
  }
}

/** Name, value and options as `response.cookies.set` takes them. */
export function makeCookie(use: CookieUse, value: string) {
  return { name: cookieName(use), value, ...cookieOptions(use) }
}

export function clearedCookie(use: CookieUse) {
  return { ...makeCookie(use, ''), maxAge: 0 }
}

/**
 * Forgets next-auth's cookie for where to go afterwards: we never send one, and next-auth answers 500 to one that is no
 * address. Called before next-auth reads the cookies of this request.
 */
export async function dropCallbackUrlCookie(): Promise<void> {
  const jar = await cookies()
  const name = cookieName('callbackUrl')
  if (jar.has(name)) jar.delete(name)
}
