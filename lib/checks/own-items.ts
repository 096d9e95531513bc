import 'server-only'
import type { Tx } from '@/lib/db'

/** Whether something that we wrote is on somebody's record. Nothing is written to records yet. */
export async function hasOwnItems(_tx: Tx, _researcherId: string): Promise<boolean> {
  return false
}
