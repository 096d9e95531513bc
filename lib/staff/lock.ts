import 'server-only'
import type { Tx } from '@/lib/db'

/** Serialises changes to the team until the transaction ends. */
export async function lockTeam(tx: Tx): Promise<void> {
  await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended('staff team', 0))`
}
