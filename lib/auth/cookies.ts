import 'server-only'
import { tripLifetimeS } from '@/lib/attempts/attempt'
import { env } from '@/lib/env'
import { sessionLifetimeMs } from '@/lib/sessions/session'

export type CookieUse = 'session' | 'attempt' | 'state' | 'nonce' | 'csrf' | 'callbackUrl'

const lifetimes: Record<CookieUse, number | undefined> = {
  session: sessionLifetimeMs / 1_000,
  attempt: tripLifetimeS,
  state: tripLifetimeS,
  nonce: tripLifetimeS,
  csrf: undefined,
  callbackUrl: undefined,
}

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
