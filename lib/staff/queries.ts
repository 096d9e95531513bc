import 'server-only'
import type { ResearcherActor, Role, StaffActor } from '@/lib/actor'
import { hashSecret } from '@/lib/crypto/secrets'
import { db } from '@/lib/db'

/** The staff row of an iD that has a role now, or null. */
export async function findStaffMember(orcid: string): Promise<{ id: string; role: Role } | null> {
  return db().staffMember.findFirst({ where: { orcid, endedAt: null }, select: { id: true, role: true } })
}

const mostStaff = 500

/** Everybody with a role, administrators first. A portal has dozens of staff; at most 500 are given. */
export function listStaff(_actor: StaffActor) {
  return db().staffMember.findMany({
    where: { endedAt: null },
    orderBy: [{ role: 'desc' }, { addedAt: 'asc' }],
    take: mostStaff,
    select: { id: true, orcid: true, name: true, role: true, addedAt: true, origin: true },
  })
}

/** One member of the team, for the page on which an administrator changes a role; null when they have none now. */
export function findMember(_actor: StaffActor, id: string) {
  return db().staffMember.findFirst({
    where: { id, endedAt: null },
    select: { id: true, orcid: true, name: true, role: true },
  })
}

/** The links to join that can still be used, newest first. What is in them is not known here. */
export function listOpenInvitations(_actor: StaffActor) {
  return db().staffInvitation.findMany({
    where: { usedAt: null, withdrawnAt: null, expiresAt: { gt: new Date() } },
    orderBy: { madeAt: 'desc' },
    take: mostStaff,
    select: {
      id: true,
      role: true,
      madeAt: true,
      expiresAt: true,
      madeBy: { select: { name: true, orcid: true } },
    },
  })
}

/** The id of the invitation with this secret, while it can be used; null for every other. */
export async function findUsableInvitation(secret: string): Promise<string | null> {
  const found = await db().staffInvitation.findFirst({
    where: { secretHash: hashSecret(secret), usedAt: null, withdrawnAt: null, expiresAt: { gt: new Date() } },
    select: { id: true },
  })
  return found?.id ?? null
}

/** What is held about the researcher who asks as a member of the staff, for their own download; null for others. */
export function findMyStaffRow(actor: ResearcherActor) {
  const dates = { role: true, madeAt: true, expiresAt: true, usedAt: true, withdrawnAt: true } as const
  return db().staffMember.findUnique({
    where: { orcid: actor.orcid },
    select: {
      id: true,
      orcid: true,
      name: true,
      role: true,
      addedAt: true,
      origin: true,
      endedAt: true,
      invitationsMade: { orderBy: { madeAt: 'asc' }, select: dates },
      invitationsUsed: { orderBy: { madeAt: 'asc' }, select: dates },
    },
  })
}
