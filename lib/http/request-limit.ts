import 'server-only'
import type { NextRequest, NextResponse } from 'next/server'
import { findClientAddress } from '@/lib/http/caller'
import { tooManyPage } from '@/lib/http/plain-page'
import { log } from '@/lib/log'
import { countUse, type RateLimitedAction } from '@/lib/rate-limit'

/** Counts a use per signed-in `person`, or else per address. Returns the 429 page above the limit, else null. */
export async function enforceRateLimit(
  request: NextRequest,
  use: RateLimitedAction,
  person?: string,
): Promise<NextResponse | null> {
  const waitS = await countUse(use, person ?? findClientAddress(request.headers))
  if (waitS === null) return null
  log().warn({ requestId: request.headers.get('x-request-id'), use, waitS }, 'rate limit exceeded')
  return tooManyPage(waitS, use === 'callback')
}
