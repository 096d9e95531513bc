import 'server-only'
import { type Actor, type ResearcherActor, type Role, type StaffActor, system } from '@/lib/actor'
import { recordEvent, recordEvents } from '@/lib/audit/commands'
import { hashSecret, makeSecret } from '@/lib/crypto/secrets'
import { inTransaction, type Tx } from '@/lib/db'
import { AppError } from '@/lib/errors'
import { lockTeam } from '@/lib/staff/lock'
import { invitationLifetimeMs } from '@/lib/staff/staff'

/**
 * Makes a one-time link to join the team and gives the secret in it, which is kept nowhere: only its hash is.
 *
 * @throws AppError `not_found` when the caller is no administrator any more
 */
export function inviteStaff(actor: StaffActor, role: Role, requestId: string): Promise<string> {
  const secret = makeSecret()
  return inTransaction(async (tx) => {
    await lockTeam(tx)
    const admin = { id: actor.staffId, role: 'admin' as const, endedAt: null }
    if (!(await tx.staffMember.findFirst({ where: admin, select: { id: true } }))) {
      throw new AppError('not_found', 'Only administrators invite')
    }
    const expiresAt = new Date(Date.now() + invitationLifetimeMs)
    const { id } = await tx.staffInvitation.create({
      data: { secretHash: hashSecret(secret), role, madeById: actor.staffId, expiresAt },
      select: { id: true },
    })
    await recordEvent(tx, actor, { action: 'staff.invited', requestId, detail: { invitationId: id, role } })
    return secret
  })
}

/** Makes a link worthless that nobody has used yet. Repeating it changes nothing. */
export function withdrawInvitation(actor: StaffActor, id: string, requestId: string): Promise<void> {
  return inTransaction((tx) => withdrawIn(tx, actor, { id }, requestId))
}

/** Who cannot invite any more has no open invitations either. */
export function withdrawInvitationsOf(tx: Tx, actor: StaffActor, madeById: string, requestId: string): Promise<void> {
  return withdrawIn(tx, actor, { madeById }, requestId)
}

/** Makes every open link worthless, because the database was restored: some of them had been used already. */
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

/**
 * Gives the invited role to an iD that ORCID has just authenticated, once, while the link can be used. Who is on the
 * team already keeps their role and the link: it neither lowers nor raises anybody.
 */
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
    select: { role: true },
  })
  if (!used) return
  const given = { role: used.role, origin: 'invitation', addedAt: new Date(), endedAt: null }
  const { id } = await tx.staffMember.upsert({
    where: { orcid },
    create: { orcid, ...given },
    update: given,
    select: { id: true },
  })
  await tx.staffInvitation.update({ where: { id: invitationId }, data: { usedById: id } })
  const detail = { staffId: id, invitationId, role: used.role }
  await recordEvent(tx, actor, { action: 'staff.joined', researcherId, requestId, detail })
}
