import 'server-only'
import type { NextRequest, NextResponse } from 'next/server'
import { findSignedIn } from '@/lib/auth/session'
import type { RateLimitedAction } from '@/lib/config/rate-limits'
import { isDatabaseUnavailable } from '@/lib/db'
import { findClientAddress } from '@/lib/http/caller'
import { tooManyPage } from '@/lib/http/plain-page'
import { noteProxies } from '@/lib/http/proxies'
import { log } from '@/lib/log'
import { countUse } from '@/lib/rate-limit/count-use'

/** Counts a use per signed-in person and per address. Returns the 429 page above a limit, else null. */
export async function enforceRateLimit(request: NextRequest, use: RateLimitedAction): Promise<NextResponse | null> {
  noteProxies(request.headers)
  const caller = { person: await findPerson(), address: findClientAddress(request.headers) }
  const waitS = await countUse(use, caller)
  if (waitS === null) return null
  log().warn({ requestId: request.headers.get('x-request-id'), use, waitS }, 'rate limit exceeded')
  return tooManyPage(waitS, use === 'callback')
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
