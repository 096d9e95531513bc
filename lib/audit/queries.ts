import 'server-only'
import type { ResearcherActor, StaffActor } from '@/lib/actor'
import { db, type Prisma } from '@/lib/db'

const shown = {
  id: true,
  at: true,
  action: true,
  actorKind: true,
  detail: true,
} satisfies Prisma.AuditEventSelect

const mostEvents = 100

/** The newest events about the researcher who asks, newest first, at most 100. */
export function listMyEvents(actor: ResearcherActor) {
  return listEvents({ researcherId: actor.researcherId })
}

/** The newest events about one researcher, newest first, at most 100. */
export function listEventsAbout(_actor: StaffActor, researcherId: string) {
  return listEvents({ researcherId })
}

/** The newest events of the portal with the people they are about, newest first. */
export function listLatestEvents(_actor: StaffActor, most: number) {
  return db().auditEvent.findMany({
    where: { researcherId: { not: null }, action: { startsWith: 'grant.' } },
    orderBy: { id: 'desc' },
    take: Math.min(most, mostEvents),
    select: { ...shown, researcher: { select: { orcid: true, name: true } } },
  })
}

/** Everything that was ever written about one researcher, for their own download. */
export function listAllMyEvents(actor: ResearcherActor) {
  return db().auditEvent.findMany({
    where: { researcherId: actor.researcherId },
    orderBy: { id: 'asc' },
    select: { at: true, action: true, actorKind: true, detail: true, attemptId: true, grantId: true },
  })
}

function listEvents(where: Prisma.AuditEventWhereInput) {
  return db().auditEvent.findMany({ where, orderBy: { id: 'desc' }, take: mostEvents, select: shown })
}
