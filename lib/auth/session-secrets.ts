import 'server-only'
import { decode } from 'next-auth/jwt'
import { env } from '@/lib/config/env'

type DecryptedToken = { secret: string; claims: unknown }

/**
 * Decrypts with any session secret, so that sessions and attempts survive its change.
 * @param salt the cookie's name for `state` and `nonce`, empty for a session
 * @returns null for a token that is expired, altered or of an unknown secret
 */
export async function openSessionToken(token: string | undefined, salt = ''): Promise<DecryptedToken | null> {
  if (!token) return null
  for (const secret of env().sessionSecrets) {
    const claims = await decode({ token, secret, salt }).catch(() => null)
    if (claims) return { secret, claims }
  }
  return null
}

/** Returns the secret of an attempt's cookie. With only one secret, next-auth itself checks the cookie. */
export async function findAttemptSecret(cookie: string | undefined, name: string): Promise<string> {
  if (env().sessionSecrets.length === 1) return newestSecret()
  return (await openSessionToken(cookie, name))?.secret ?? newestSecret()
}

/** Returns the secret for new cookies. */
export function newestSecret(): string {
  return env().sessionSecrets[0]
}
