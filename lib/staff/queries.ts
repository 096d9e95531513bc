import 'server-only'
import type { ResearcherActor, Role, StaffActor } from '@/lib/actor'
import { hashSecret } from '@/lib/crypto/secrets'
import { db } from '@/lib/db'

/** Null if the iD has no role now. */
export async function findStaffMember(orcid: string): Promise<{ id: string; role: Role } | null> {
  return db().staffMember.findFirst({ where: { orcid, endedAt: null }, select: { id: true, role: true } })
}

const rowsMax = 500
const rights = { role: true, departments: true, mayExport: true } as const
const member = { id: true, orcid: true, name: true, ...rights } as const

/** Administrators first, at most 500. Limited people are a list of one: their colleagues are people too. */
export async function listStaff(actor: StaffActor) {
  const members = await db().staffMember.findMany({
    where: { endedAt: null, ...(actor.departments ? { id: actor.staffId } : {}) },
    orderBy: [{ role: 'desc' }, { addedAt: 'asc' }],
    take: rowsMax,
    select: { ...member, addedAt: true, origin: true },
  })
  return members.map(withOrcid)
}

/** Null if the member has no role now. */
export async function findMember(_actor: StaffActor, id: string) {
  const found = await db().staffMember.findFirst({
    where: { id, endedAt: null },
    select: member,
  })
  return found && withOrcid(found)
}

/** The name or iD of a former member, as far as it is kept. */
export async function findFormerName(_actor: StaffActor, id: string): Promise<string | null> {
  const found = await db().staffMember.findFirst({
    where: { id, endedAt: { not: null } },
    select: { name: true, orcid: true },
  })
  return found?.name ?? found?.orcid ?? null
}

/** Only former members may have none (constraint `staff_member_orcid_kept`). */
function withOrcid<Member extends { orcid: string | null }>(member: Member): Member & { orcid: string } {
  const { orcid } = member
  if (orcid === null) throw new Error('A current member has no iD')
  return { ...member, orcid }
}

/** Newest first, at most 500, without secrets. */
export function listOpenInvitations(_actor: StaffActor) {
  return db().staffInvitation.findMany({
    where: { usedAt: null, withdrawnAt: null, expiresAt: { gt: new Date() } },
    orderBy: { madeAt: 'desc' },
    take: rowsMax,
    select: {
      id: true,
      ...rights,
      madeAt: true,
      expiresAt: true,
      madeBy: { select: { name: true, orcid: true } },
    },
  })
}

/** The id of the usable invitation with this secret, or null. */
export async function findUsableInvitation(secret: string): Promise<string | null> {
  const found = await db().staffInvitation.findFirst({
    where: { secretHash: hashSecret(secret), usedAt: null, withdrawnAt: null, expiresAt: { gt: new Date() } },
    select: { id: true },
  })
  return found?.id ?? null
}

/** The actor's own staff data, for their download. */
export function findMyStaffRow(actor: ResearcherActor) {
  const told = {
    ...rights,
    madeAt: true,
    expiresAt: true,
    usedAt: true,
    withdrawnAt: true,
  } as const
  return db().staffMember.findUnique({
    where: { orcid: actor.orcid },
    select: {
      ...member,
      addedAt: true,
      origin: true,
      endedAt: true,
      invitationsMade: { orderBy: { madeAt: 'asc' }, select: told },
      invitationsUsed: { orderBy: { madeAt: 'asc' }, select: told },
      mails: {
        orderBy: { madeAt: 'asc' },
        select: { kind: true, state: true, address: true, template: true, locale: true, madeAt: true, sentAt: true },
      },
    },
  })
}
