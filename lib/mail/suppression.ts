import 'server-only'
import type { Tx } from '@/lib/db'
import { tokenHash } from '@/lib/installation/commands'

export const hashAddress = (address: string) => tokenHash(`mail:${address.trim().toLowerCase()}`)

/** Whether an address gets no mail that nobody asked for. */
export async function isSuppressed(tx: Tx, address: string): Promise<boolean> {
  return (await listSuppressedHashes(tx, [address])).size > 0
}

/** Those of the addresses that get no mail. */
export async function listSuppressedHashes(tx: Tx, addresses: readonly string[]): Promise<Set<string>> {
  const hashes = await Promise.all(addresses.map(hashAddress))
  const found = await tx.mailSuppression.findMany({
    where: { addressHash: { in: hashes } },
    select: { addressHash: true },
  })
  const known = new Set(found.map(({ addressHash }) => addressHash))
  return new Set(addresses.filter((_, index) => known.has(hashes[index] ?? '')))
}
