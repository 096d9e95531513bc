import 'server-only'
import type { ResearcherActor } from '@/lib/actor'
import { db } from '@/lib/db'

/** The live session with this id, with its researcher and the trip that began it; null when it has ended. */
export async function findLiveSession(id: string) {
  return db().session.findFirst({
    where: { id, endedAt: null, expiresAt: { gt: new Date() } },
    select: {
      id: true,
      attemptId: true,
      researcher: { select: { id: true, orcid: true, name: true } },
    },
  })
}

/** All sessions of the researcher who asks, for their own download. */
export function listMySessions(actor: ResearcherActor) {
  return db().session.findMany({
    where: { researcherId: actor.researcherId },
    orderBy: { createdAt: 'asc' },
    select: { id: true, attemptId: true, createdAt: true, expiresAt: true, endedAt: true },
  })
}
