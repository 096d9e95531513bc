import 'server-only'
import { env } from '@/lib/config/env'
import { makeKeyPair } from '@/lib/exports/sftp'
import { keyRing } from '@/lib/installation/commands'

const aadOf = (row: string) => ({
  table: 'export_plan',
  row,
  column: 'sealed_private_key',
  registry: env().orcid.registry,
})

/** A key pair with which a plan signs in at its server. */
export function makePlanKey(planId: string): { publicKey: string; sealedPrivateKey: string } {
  const { publicKey, privateKey } = makeKeyPair(`concord-${planId.slice(0, 8)}`)
  return { publicKey, sealedPrivateKey: keyRing().seal(privateKey, aadOf(planId)) }
}

/** Null where its sealing key is lost. */
export function openPrivateKey(plan: { id: string; sealedPrivateKey: string | null }): string | null {
  const { id, sealedPrivateKey: sealed } = plan
  return sealed && keyRing().hasKeyOf(sealed) ? keyRing().open(sealed, aadOf(id)) : null
}
