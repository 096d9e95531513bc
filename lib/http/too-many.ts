import 'server-only'
import type { NextRequest, NextResponse } from 'next/server'
import { findCaller } from '@/lib/http/caller'
import { tooManyPage } from '@/lib/http/plain-page'
import { log } from '@/lib/log'
import { countUse, type LimitedUse } from '@/lib/rate-limit'

/**
 * Counts a use, and gives the page that refuses it where there were too many; null when it may go on. Counted for the
 * caller's address, or for `person` where somebody is signed in.
 */
export async function refuseTooMany(
  request: NextRequest,
  use: LimitedUse,
  person?: string,
): Promise<NextResponse | null> {
  const waitS = await countUse(use, person ?? findCaller(request.headers))
  if (waitS === null) return null
  log().warn({ requestId: request.headers.get('x-request-id'), use, waitS }, 'too many')
  return tooManyPage(waitS, use === 'callback')
}
