import 'server-only'
import { type StaffActor, type StaffRights, system } from '@/lib/actor'
import { recordEvent, recordEvents } from '@/lib/audit/commands'
import { env } from '@/lib/config/env'
import { inTransaction, type Tx } from '@/lib/db'
import { toKept } from '@/lib/staff/abilities'
import { withdrawInvitationsOf } from '@/lib/staff/invitations'
import { lockTeam } from '@/lib/staff/lock'

/** Makes the configured iDs administrators. Skips iDs that ever had a role, so that a removed member stays removed. */
export async function addFirstAdministrators(orcids: readonly string[]): Promise<void> {
  await inTransaction(async (tx) => {
    await forgetErasedMembers(tx)
    if (orcids.length === 0) return
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

/** The person was erased: the name goes, and if the role has ended, the iD as well. */
export async function eraseStaffName(tx: Tx, orcid: string): Promise<void> {
  await tx.staffMember.updateMany({ where: { orcid }, data: { name: null } })
  await forgetErasedMembers(tx)
}

/**
 * Former members of whom nothing else is here keep their row, which the history refers to, without iD and name. An iD
 * in STAFF_ADMINS stays: the next start would make it an administrator again.
 */
async function forgetErasedMembers(tx: Tx): Promise<void> {
  await tx.$executeRaw`
    update staff_member m set orcid = null, name = null
    where m.ended_at is not null and m.orcid <> all (${[...env().staffAdmins]}::text[])
      and not exists (select from researcher r where r.orcid = m.orcid)`
}

export type TeamOutcome = 'done' | 'last_admin' | 'not_found'

/** `not_found`: the member has no role now, or the actor is not an administrator any more. */
export function changeRights(
  actor: StaffActor,
  memberId: string,
  given: StaffRights,
  requestId: string,
): Promise<TeamOutcome> {
  return inTransaction(async (tx) => {
    const member = await lockMember(tx, actor, memberId)
    if (!member) return 'not_found'
    const rights = toKept(given)
    const { role, departments, mayExport } = rights
    const isSame = departments.join('\n') === member.departments.join('\n') && mayExport === member.mayExport
    if (member.role === role && isSame) return 'done'
    if (member.role === 'admin' && role !== 'admin' && (await isLastAdmin(tx))) return 'last_admin'
    await tx.staffMember.update({ where: { id: memberId }, data: { ...rights } })
    const { researcherId } = member
    if (member.role === role) {
      const detail = { staffId: memberId, role, departments, mayExport }
      await recordEvent(tx, actor, { action: 'staff.rights_changed', researcherId, requestId, detail })
    } else {
      const detail = { staffId: memberId, from: member.role, role, departments, mayExport }
      await recordEvent(tx, actor, { action: 'staff.role_changed', researcherId, requestId, detail })
    }
    if (member.role === 'admin' && role !== 'admin') await withdrawInvitationsOf(tx, actor, memberId, requestId)
    return 'done'
  })
}

/** Outcomes as in `changeRights`. The member stays a researcher, or is forgotten if they were erased. */
export function endRole(actor: StaffActor, memberId: string, requestId: string): Promise<TeamOutcome> {
  return inTransaction(async (tx) => {
    const member = await lockMember(tx, actor, memberId)
    if (!member) return 'not_found'
    if (member.role === 'admin' && (await isLastAdmin(tx))) return 'last_admin'
    await tx.staffMember.update({ where: { id: memberId }, data: { endedAt: new Date() } })
    const detail = { staffId: memberId, from: member.role }
    await recordEvent(tx, actor, { action: 'staff.role_taken', researcherId: member.researcherId, requestId, detail })
    await withdrawInvitationsOf(tx, actor, memberId, requestId)
    await forgetErasedMembers(tx)
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
    select: { orcid: true, role: true, departments: true, mayExport: true },
  })
  if (!member) return null
  const researcher = await tx.researcher.findFirst({ where: { orcid: member.orcid ?? '' }, select: { id: true } })
  const { orcid: _orcid, ...rights } = member
  return { ...rights, researcherId: researcher?.id ?? null }
}

async function isLastAdmin(tx: Tx): Promise<boolean> {
  return (await tx.staffMember.count({ where: { role: 'admin', endedAt: null } })) <= 1
}
