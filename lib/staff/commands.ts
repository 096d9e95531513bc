import 'server-only'
import { type Role, type StaffActor, system } from '@/lib/actor'
import { recordEvent, recordEvents } from '@/lib/audit/commands'
import { inTransaction, type Tx } from '@/lib/db'
import { withdrawInvitationsOf } from '@/lib/staff/invitations'
import { lockTeam } from '@/lib/staff/lock'

/** Makes the configured iDs administrators. Skips iDs that ever had a role, so that a removed member stays removed. */
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

/** `name` is ORCID's, from this sign-in. */
export async function updateStaffName(tx: Tx, orcid: string, name: string | null): Promise<void> {
  await tx.staffMember.updateMany({ where: { orcid, endedAt: null }, data: { name } })
}

export type TeamOutcome = 'done' | 'last_admin' | 'not_found'

/** `not_found`: the member has no role now, or the actor is not an administrator any more. */
export function changeRole(actor: StaffActor, memberId: string, role: Role, requestId: string): Promise<TeamOutcome> {
  return inTransaction(async (tx) => {
    const member = await lockMember(tx, actor, memberId)
    if (!member) return 'not_found'
    if (member.role === role) return 'done'
    if (member.role === 'admin' && (await isLastAdmin(tx))) return 'last_admin'
    await tx.staffMember.update({ where: { id: memberId }, data: { role } })
    const detail = { staffId: memberId, from: member.role, role }
    await recordEvent(tx, actor, { action: 'staff.role_changed', researcherId: member.researcherId, requestId, detail })
    if (member.role === 'admin') await withdrawInvitationsOf(tx, actor, memberId, requestId)
    return 'done'
  })
}

/** Outcomes as in `changeRole`. The member stays a researcher. */
export function endRole(actor: StaffActor, memberId: string, requestId: string): Promise<TeamOutcome> {
  return inTransaction(async (tx) => {
    const member = await lockMember(tx, actor, memberId)
    if (!member) return 'not_found'
    if (member.role === 'admin' && (await isLastAdmin(tx))) return 'last_admin'
    await tx.staffMember.update({ where: { id: memberId }, data: { endedAt: new Date() } })
    const detail = { staffId: memberId, from: member.role }
    await recordEvent(tx, actor, { action: 'staff.role_taken', researcherId: member.researcherId, requestId, detail })
    await withdrawInvitationsOf(tx, actor, memberId, requestId)
    return 'done'
  })
}

/**
 * Locks the team and reads the member. Checks again that the actor is an administrator, because the role may have
 * changed during the wait for the lock: two administrators cannot both remove each other.
 */
async function lockMember(tx: Tx, actor: StaffActor, memberId: string) {
  // Researcher before team, as when accepting an invitation: a trigger updates this row with the role.
  await tx.$queryRaw`
    select 1 as locked from researcher r join staff_member m using (orcid) where m.id = ${memberId}::uuid for update of r`
  await lockTeam(tx)
  const admin = { id: actor.staffId, role: 'admin' as const, endedAt: null }
  if (!(await tx.staffMember.findFirst({ where: admin, select: { id: true } }))) return null
  const member = await tx.staffMember.findFirst({
    where: { id: memberId, endedAt: null },
    select: { orcid: true, role: true },
  })
  if (!member) return null
  const researcher = await tx.researcher.findUnique({ where: { orcid: member.orcid }, select: { id: true } })
  return { role: member.role, researcherId: researcher?.id ?? null }
}

async function isLastAdmin(tx: Tx): Promise<boolean> {
  return (await tx.staffMember.count({ where: { role: 'admin', endedAt: null } })) <= 1
}
