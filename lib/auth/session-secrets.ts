import 'server-only'
import { decode } from 'next-auth/jwt'
import { env } from '@/lib/config/env'

type Opened = { secret: string; claims: unknown }

/**
 * Opens what next-auth has encrypted with one of the session secrets, and says with which. After a change of
 * `NEXTAUTH_SECRET` what the previous one made stays good: sessions, and attempts whose people are at ORCID just then.
 *
 * @param salt the cookie's name for `state` and `nonce`, nothing for a session, as next-auth has it
 * @returns null for a token that is too old, tampered with, or of a secret that is no longer known
 */
export async function openSessionToken(token: string | undefined, salt = ''): Promise<Opened | null> {
  if (!token) return null
  for (const secret of env().sessionSecrets) {
    const claims = await decode({ token, secret, salt }).catch(() => null)
    if (claims) return { secret, claims }
  }
  return null
}

/**
 * The secret that an attempt's cookie was made with. There is nothing to find out where only one is known: whether it opens
 * the cookie is then next-auth's to say.
 */
export async function findAttemptSecret(cookie: string | undefined, name: string): Promise<string> {
  if (env().sessionSecrets.length === 1) return newestSecret()
  return (await openSessionToken(cookie, name))?.secret ?? newestSecret()
}

/** The secret that makes whatever is made now. */
export function newestSecret(): string {
  return env().sessionSecrets[0]
}
