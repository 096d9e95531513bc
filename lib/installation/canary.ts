import { type AdditionalData, type KeyRing, SealError } from '@/lib/crypto/sealed'
import { makeSecret } from '@/lib/crypto/secrets'

const canary = 'Concord can open what it sealed.'

/** The canary proves that the keys are right. */
export type SealedInstallation = { sealedCanary: string; sealedLookupKey: string }

const aadOf = (column: string, registry: string): AdditionalData => ({
  table: 'installation',
  row: '1',
  column,
  registry,
})

/** Seals the canary and a new lookup key. */
export function sealInstallation(ring: KeyRing, registry: string): SealedInstallation {
  return {
    sealedCanary: ring.seal(canary, aadOf('sealed_canary', registry)),
    sealedLookupKey: ring.seal(makeSecret(), aadOf('sealed_lookup_key', registry)),
  }
}

/**
 * The installation's key for `lookupHash`.
 *
 * @throws SealError if the ring does not open the canary
 */
export function openLookupKey(ring: KeyRing, registry: string, sealed: SealedInstallation): string {
  const opened = ring.open(sealed.sealedCanary, aadOf('sealed_canary', registry))
  if (opened !== canary) throw new SealError('Unexpected canary text')
  return ring.open(sealed.sealedLookupKey, aadOf('sealed_lookup_key', registry))
}
