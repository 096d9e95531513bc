import 'server-only'
import type { ResearcherActor, Role, StaffActor } from '@/lib/actor'
import { db, type Tx } from '@/lib/db'

/** The staff row of an iD that has a role now, or null. */
export async function findStaffMember(orcid: string): Promise<{ id: string; role: Role } | null> {
  return db().staffMember.findFirst({ where: { orcid, endedAt: null }, select: { id: true, role: true } })
}

/** The role of an iD, inside a transaction. */
export async function findRole(tx: Tx, orcid: string): Promise<Role | null> {
  const member = await tx.staffMember.findFirst({ where: { orcid, endedAt: null }, select: { role: true } })
  return member?.role ?? null
}

const mostStaff = 500

/** Everybody with a role, administrators first. A portal has dozens of staff; at most 500 are given. */
export function listStaff(_actor: StaffActor) {
  return db().staffMember.findMany({
    where: { endedAt: null },
    orderBy: [{ role: 'desc' }, { addedAt: 'asc' }],
    take: mostStaff,
    select: { orcid: true, name: true, role: true, addedAt: true, origin: true },
  })
}

/** What is held about the researcher who asks as a member of the staff, for their own download; null for others. */
export function findMyStaffRow(actor: ResearcherActor) {
  return db().staffMember.findUnique({
    where: { orcid: actor.orcid },
    select: { id: true, orcid: true, name: true, role: true, addedAt: true, origin: true, endedAt: true },
  })
}
