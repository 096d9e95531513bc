import 'server-only'
import type { NextRequest, NextResponse } from 'next/server'
import { findResult } from '@/lib/attempts/exchange'
import { findAttemptBySecret } from '@/lib/attempts/queries'
import { cookieName } from '@/lib/auth/cookies'
import { redirectToOutcome } from '@/lib/auth/outcome-redirect'
import { isDatabaseUnavailable } from '@/lib/db'
import { seeOther } from '@/lib/http/see-other'

/** Redirects the waiting page to the outcome, or back to waiting. */
export async function checkProgress(request: NextRequest): Promise<NextResponse> {
  const secret = request.cookies.get(cookieName('attempt'))?.value
  try {
    const attempt = secret ? await findAttemptBySecret(secret) : null
    if (!attempt) return seeOther('/connect/expired')
    const { reference } = attempt
    return redirectToOutcome((await findResult(attempt)) ?? { kind: 'in_progress', reference }, attempt)
  } catch (error) {
    if (isDatabaseUnavailable(error)) return seeOther('/connect/in-progress')
    throw error
  }
}
