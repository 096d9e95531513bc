import 'server-only'
import { cookies } from 'next/headers'
import { findDeskAttempt } from '@/lib/attempts/queries'
import { cookieName } from '@/lib/auth/cookies'

/** How the last attempt of this browser ended, at a desk and in the last two minutes; else null. */
export async function findMyDeskAttempt() {
  const secret = (await cookies()).get(cookieName('attempt'))?.value
  return secret ? findDeskAttempt(secret) : null
}
