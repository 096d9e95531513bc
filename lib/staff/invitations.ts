import 'server-only'
import { type Actor, type ResearcherActor, type StaffActor, type StaffRights, system } from '@/lib/actor'
import { recordEvent, recordEvents } from '@/lib/audit/commands'
import { hashSecret, makeSecret } from '@/lib/crypto/secrets'
import { inTransaction, type Tx } from '@/lib/db'
import { AppError } from '@/lib/errors'
import { toKept } from '@/lib/staff/abilities'
import { lockTeam } from '@/lib/staff/lock'
import { invitationLifetimeMs } from '@/lib/staff/staff'

/**
 * Creates a one-time invitation and returns its secret. The database has only the hash.
 *
 * @throws AppError `not_found` if the actor is not an administrator any more
 */
export function inviteStaff(actor: StaffActor, given: StaffRights, requestId: string): Promise<string> {
  const secret = makeSecret()
  const rights = toKept(given)
  return inTransaction(async (tx) => {
    await lockTeam(tx)
    const admin = { id: actor.staffId, role: 'admin' as const, endedAt: null }
    if (!(await tx.staffMember.findFirst({ where: admin, select: { id: true } }))) {
      throw new AppError('not_found', 'Only administrators can invite')
    }
    const expiresAt = new Date(Date.now() + invitationLifetimeMs)
    const { id } = await tx.staffInvitation.create({
      data: { secretHash: hashSecret(secret), ...rights, madeById: actor.staffId, expiresAt },
      select: { id: true },
    })
    const { role, departments, mayExport } = rights
    const detail = { invitationId: id, role, departments, mayExport }
    await recordEvent(tx, actor, { action: 'staff.invited', requestId, detail })
    return secret
  })
}

/** Withdraws an unused invitation; idempotent. */
export function withdrawInvitation(actor: StaffActor, id: string, requestId: string): Promise<void> {
  return inTransaction((tx) => withdrawIn(tx, actor, { id }, requestId))
}

/** For a member who may not invite any more. */
export function withdrawInvitationsOf(tx: Tx, actor: StaffActor, madeById: string, requestId: string): Promise<void> {
  return withdrawIn(tx, actor, { madeById }, requestId)
}

/** After a restore: the backup may list used invitations as open. */
export function withdrawAllInvitations(tx: Tx): Promise<void> {
  return withdrawIn(tx, system, {})
}

async function withdrawIn(
  tx: Tx,
  actor: Actor,
  which: { id?: string; madeById?: string },
  requestId?: string,
): Promise<void> {
  const withdrawn = await tx.staffInvitation.updateManyAndReturn({
    where: { ...which, usedAt: null, withdrawnAt: null },
    data: { withdrawnAt: new Date() },
    select: { id: true },
  })
  const event = { action: 'staff.invitation_withdrawn', requestId } as const
  await recordEvents(
    tx,
    actor,
    withdrawn.map(({ id }) => ({ ...event, detail: { invitationId: id } })),
  )
}

/** `actor` has just signed in. A current member keeps their role, and the link stays usable. */
export async function acceptInvitation(
  tx: Tx,
  invitationId: string,
  actor: ResearcherActor,
  requestId: string,
): Promise<void> {
  await lockTeam(tx)
  const { orcid, researcherId } = actor
  if (await tx.staffMember.findFirst({ where: { orcid, endedAt: null }, select: { id: true } })) return
  const usable = { id: invitationId, usedAt: null, withdrawnAt: null, expiresAt: { gt: new Date() } }
  const [used] = await tx.staffInvitation.updateManyAndReturn({
    where: usable,
    data: { usedAt: new Date() },
    select: { role: true, departments: true, mayExport: true },
  })
  if (!used) return
  const membership = { ...used, origin: 'invitation', addedAt: new Date(), endedAt: null }
  const { id } = await tx.staffMember.upsert({
    where: { orcid },
    create: { orcid, ...membership },
    update: membership,
    select: { id: true },
  })
  await tx.staffInvitation.update({ where: { id: invitationId }, data: { usedById: id } })
  const { role, departments, mayExport } = used
  const detail = { staffId: id, invitationId, role, departments, mayExport }
  await recordEvent(tx, actor, { action: 'staff.joined', researcherId, requestId, detail })
}
