import 'server-only'
import type { NextRequest, NextResponse } from 'next/server'
import { findSignedIn } from '@/lib/auth/session'
import type { RateLimitedAction } from '@/lib/config/rate-limits'
import { isDatabaseUnavailable } from '@/lib/db'
import { findClientAddress } from '@/lib/http/caller'
import { tooManyPage } from '@/lib/http/plain-page'
import { noteProxies } from '@/lib/http/proxies'
import { keep } from '@/lib/institution'
import { log } from '@/lib/log'
import { countUse } from '@/lib/rate-limit/count-use'

/** Counts a use per signed-in person and per address. Returns the 429 page above a limit, else null. */
export async function enforceRateLimit(request: NextRequest, use: RateLimitedAction): Promise<NextResponse | null> {
  noteProxies(request.headers)
  const caller = { person: await findPerson(), address: findClientAddress(request.headers) }
  const waitS = await countUse(use, caller)
  if (waitS === null) return null
  warnOnce(use, waitS, request.headers.get('x-request-id'))
  return tooManyPage(waitS, use === 'callback')
}

declare module '@/lib/institution' {
  interface Institution {
    /** By action, in milliseconds since 1970. */
    limitLoggedUntil?: Partial<Record<RateLimitedAction, number>>
  }
}

/** Logs the first refusal of a window: whoever sends too much must not fill the log. */
function warnOnce(use: RateLimitedAction, waitS: number, requestId: string | null): void {
  const until = keep('limitLoggedUntil', () => ({}))
  if (Date.now() < (until[use] ?? 0)) return
  until[use] = Date.now() + waitS * 1_000
  log().warn({ requestId, use, waitS }, 'rate limit exceeded')
}

/** Null while the database is away, so that a callback still gets the page that keeps its code. */
async function findPerson(): Promise<string | null> {
  try {
    return (await findSignedIn())?.actor.researcherId ?? null
  } catch (error) {
    if (isDatabaseUnavailable(error)) return null
    throw error
  }
}
