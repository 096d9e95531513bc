import 'server-only'
import type { Tx } from '@/lib/db'
import { tokenHash } from '@/lib/installation/commands'

/** Whether an address gets no mail that nobody asked for. */
export async function isSuppressed(tx: Tx, address: string): Promise<boolean> {
  const addressHash = await tokenHash(`mail:${address.trim().toLowerCase()}`)
  return (await tx.mailSuppression.findUnique({ where: { addressHash }, select: { at: true } })) !== null
}
