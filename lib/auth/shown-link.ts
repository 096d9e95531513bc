import 'server-only'
import { cookies } from 'next/headers'
import { encode } from 'next-auth/jwt'
import { z } from 'zod'
import type { Role, StaffActor } from '@/lib/actor'
import { cookieName, lifetimes, makeCookie } from '@/lib/auth/cookies'
import { newestSecret, openSessionToken } from '@/lib/auth/session-secrets'
import { roles } from '@/lib/staff/staff'

type ShownLink = { secret: string; role: Role }

const claims = z.object({ sid: z.string(), secret: z.string(), role: z.enum(roles) })
// No other cookie opens as this one, and this one as no other.
const salt = 'shown-link'

/**
 * The cookie that carries the secret of a new link from the form that made it to the page that shows it: encrypted, for
 * one session. `proxy.ts` clears it with the answer of that page.
 */
export async function makeShownLinkCookie({ sessionId }: StaffActor, link: ShownLink) {
  const token = { sid: sessionId, ...link }
  return makeCookie('shownLink', await encode({ token, salt, secret: newestSecret(), maxAge: lifetimes.shownLink }))
}

/** The link that the member of staff who asks has just made, or null where it was shown already. */
export async function findShownLink({ sessionId }: StaffActor): Promise<ShownLink | null> {
  const cookie = (await cookies()).get(cookieName('shownLink'))?.value
  const parsed = claims.safeParse((await openSessionToken(cookie, salt))?.claims)
  if (!parsed.success || parsed.data.sid !== sessionId) return null
  return { secret: parsed.data.secret, role: parsed.data.role }
}
