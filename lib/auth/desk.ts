import 'server-only'
import { cookies } from 'next/headers'
import { findAttemptBySecret, findDeskAttempt } from '@/lib/attempts/queries'
import { cookieName } from '@/lib/auth/cookies'

/** How the last attempt of this browser ended, at a desk and in the last two minutes; else null. */
export async function findMyDeskAttempt() {
  const secret = await readSecret()
  return secret ? findDeskAttempt(secret) : null
}

/** The campaign that the attempt of this browser belongs to, by its id; else null. */
export async function findMyCampaignId(): Promise<string | null> {
  const secret = await readSecret()
  const attempt = secret ? await findAttemptBySecret(secret) : null
  return attempt?.campaignId ?? null
}

const readSecret = async () => (await cookies()).get(cookieName('attempt'))?.value
