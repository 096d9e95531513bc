import 'server-only'
import type { ApiActor, SystemRight } from '@/lib/actor'
import { hashSecret } from '@/lib/crypto/secrets'
import { db } from '@/lib/db'
import { makeKeyText } from '@/lib/systems/key-format'

export const tokenLifetimeS = 900

/** Gives a client a token for some of its rights. Revoking the client ends it at once. */
export async function issueToken(actor: ApiActor & { keyId: string }, rights: readonly SystemRight[]): Promise<string> {
  const token = makeKeyText('token')
  const expiresAt = new Date(Date.now() + tokenLifetimeS * 1_000)
  const data = { hash: hashSecret(token), keyId: actor.keyId, rights: [...rights], expiresAt }
  await db().accessToken.create({ data, select: { hash: true } })
  return token
}
