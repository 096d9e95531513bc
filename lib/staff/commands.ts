import 'server-only'
import { system } from '@/lib/actor'
import { recordEvents } from '@/lib/audit/commands'
import { inTransaction, type Tx } from '@/lib/db'

/**
 * Gives the configured iDs the administrator's role. Only an iD that never had a role gets one: who was taken off the
 * team stays off it, whatever the configuration still says.
 */
export async function addFirstAdministrators(orcids: readonly string[]): Promise<void> {
  if (orcids.length === 0) return
  await inTransaction(async (tx) => {
    const added = await tx.staffMember.createManyAndReturn({
      data: orcids.map((orcid) => ({ orcid, role: 'admin' as const, origin: 'STAFF_ADMINS' })),
      skipDuplicates: true,
      select: { id: true },
    })
    const events = added.map(({ id }) => ({ action: 'staff.added' as const, detail: { staffId: id, role: 'admin' } }))
    await recordEvents(tx, system, events)
  })
}

/** Keeps the name of a staff member as ORCID gave it at this sign-in. */
export async function noteStaffName(tx: Tx, orcid: string, name: string | null): Promise<void> {
  await tx.staffMember.updateMany({ where: { orcid, endedAt: null }, data: { name } })
}
