import 'server-only'
import { randomBytes } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { env } from '@/lib/config/env'
import { keyRing } from '@/lib/installation/commands'

type Column = 'sealed_secret' | 'sealed_former_secret'

const aad = (row: string, column: Column) => ({ table: 'webhook', row, column, registry: env().orcid.registry })

/** As Standard Webhooks writes it: `whsec_` and 24 to 64 bytes in base64. */
export const makeSigningSecret = () => `whsec_${randomBytes(32).toString('base64')}`

export const sealSecret = (id: string, column: Column, secret: string) => keyRing().seal(secret, aad(id, column))

export type SealedSecrets = {
  id: string
  sealedSecret: string | null
  sealedFormerSecret: string | null
  formerUntil: Date | null
}

/** The secret, and the former one while both sign. A digest has none. */
export function openSecrets({ id, sealedSecret, sealedFormerSecret, formerUntil }: SealedSecrets): string[] {
  const secrets = sealedSecret ? [keyRing().open(sealedSecret, aad(id, 'sealed_secret'))] : []
  if (sealedFormerSecret && formerUntil && formerUntil > new Date())
    secrets.push(keyRing().open(sealedFormerSecret, aad(id, 'sealed_former_secret')))
  return secrets
}

/** The headers of Standard Webhooks, signed with each of the secrets. */
export function signEvent(secrets: readonly string[], { id, body, at }: { id: string; body: string; at: Date }) {
  return {
    'webhook-id': id,
    'webhook-timestamp': `${Math.floor(at.getTime() / 1_000)}`,
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(' '),
  }
}
