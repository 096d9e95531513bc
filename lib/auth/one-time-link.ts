import 'server-only'
import { cookies } from 'next/headers'
import { encode } from 'next-auth/jwt'
import { z } from 'zod'
import type { Role, StaffActor } from '@/lib/actor'
import { cookieName, lifetimes, makeCookie } from '@/lib/auth/cookies'
import { newestSecret, openSessionToken } from '@/lib/auth/session-secrets'
import { roles } from '@/lib/staff/staff'

type OneTimeLink = { secret: string; role: Role; departments: string[]; mayExport: boolean }

const claims = z.object({
  sid: z.string(),
  secret: z.string(),
  role: z.enum(roles),
  departments: z.array(z.string()),
  mayExport: z.boolean(),
})
// Keeps this cookie and the others from opening as each other.
const salt = 'shown-link'

/** Carries a new link's secret to the page that shows it, encrypted for one session. `proxy.ts` clears it. */
export async function makeOneTimeLinkCookie({ sessionId }: StaffActor, link: OneTimeLink) {
  const token = { sid: sessionId, ...link }
  return makeCookie('shownLink', await encode({ token, salt, secret: newestSecret(), maxAge: lifetimes.shownLink }))
}

/** Returns the staff member's new link, or null once it was shown. */
export async function findOneTimeLink({ sessionId }: StaffActor): Promise<OneTimeLink | null> {
  const cookie = (await cookies()).get(cookieName('shownLink'))?.value
  const parsed = claims.safeParse((await openSessionToken(cookie, salt))?.claims)
  if (!parsed.success || parsed.data.sid !== sessionId) return null
  const { sid: _sid, ...link } = parsed.data
  return link
}

type OneTimeKey = {
  key: string
  system: string
  systemId: string
  /** Null where the key is no client's secret. */
  clientId: string | null
  /** It signs events. */
  isWebhook?: boolean
}

const keyClaims = z.object({
  sid: z.string(),
  key: z.string(),
  system: z.string(),
  systemId: z.string(),
  clientId: z.string().nullable(),
  isWebhook: z.boolean().default(false),
})
const keySalt = 'shown-key'

/** The same for a new key of a system. */
export async function makeOneTimeKeyCookie({ sessionId }: StaffActor, key: OneTimeKey) {
  const token = { sid: sessionId, ...key }
  const maxAge = lifetimes.shownLink
  return makeCookie('shownLink', await encode({ token, salt: keySalt, secret: newestSecret(), maxAge }))
}

/** Returns the staff member's new key, or null once it was shown. */
export async function findOneTimeKey({ sessionId }: StaffActor): Promise<OneTimeKey | null> {
  const cookie = (await cookies()).get(cookieName('shownLink'))?.value
  const parsed = keyClaims.safeParse((await openSessionToken(cookie, keySalt))?.claims)
  return parsed.success && parsed.data.sid === sessionId ? parsed.data : null
}
