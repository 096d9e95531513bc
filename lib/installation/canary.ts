import { type AdditionalData, type KeyRing, SealError } from '@/lib/crypto/sealed'
import { makeSecret } from '@/lib/crypto/secrets'

const canary = 'Concord can open what it sealed.'

/** What an installation holds under its sealing keys: proof that they are the right ones, and the lookup key. */
export type SealedInstallation = { sealedCanary: string; sealedLookupKey: string }

const aadOf = (column: string, registry: string): AdditionalData => ({
  table: 'installation',
  row: '1',
  column,
  registry,
})

/** A new canary and a new lookup key, sealed for an installation of this registry. */
export function sealInstallation(ring: KeyRing, registry: string): SealedInstallation {
  return {
    sealedCanary: ring.seal(canary, aadOf('sealed_canary', registry)),
    sealedLookupKey: ring.seal(makeSecret(), aadOf('sealed_lookup_key', registry)),
  }
}

/**
 * The key of `lookupHash` of an installation.
 *
 * @throws SealError where the ring does not open what the installation holds
 */
export function openLookupKey(ring: KeyRing, registry: string, sealed: SealedInstallation): string {
  const opened = ring.open(sealed.sealedCanary, aadOf('sealed_canary', registry))
  if (opened !== canary) throw new SealError('The canary has another text')
  return ring.open(sealed.sealedLookupKey, aadOf('sealed_lookup_key', registry))
}
