import 'server-only'
import type { ResearcherActor, StaffActor } from '@/lib/actor'
import { db } from '@/lib/db'

/** How many tokens ORCID still has to disable, and since when the oldest waits. */
export async function countWaitingRevocations(_actor: StaffActor): Promise<{ count: number; oldestAt: Date | null }> {
  const waiting = await db().revocation.aggregate({
    where: { confirmedAt: null },
    _count: true,
    _min: { requestedAt: true },
  })
  return { count: waiting._count, oldestAt: waiting._min.requestedAt }
}

/** How many tokens of the researcher who asks ORCID still has to disable. */
export function countMyWaitingRevocations(actor: ResearcherActor): Promise<number> {
  return db().revocation.count({ where: { confirmedAt: null, grant: { researcherId: actor.researcherId } } })
}

const mostWaiting = 100

/** The revocations that wait, oldest first, at most 100, with the researcher each belongs to. */
export function listWaitingRevocations(_actor: StaffActor) {
  return db().revocation.findMany({
    where: { confirmedAt: null },
    orderBy: { requestedAt: 'asc' },
    take: mostWaiting,
    select: {
      id: true,
      reason: true,
      requestedAt: true,
      tries: true,
      lastTriedAt: true,
      lastOutcome: true,
      nextTryAt: true,
      grant: { select: { researcher: { select: { orcid: true, name: true } } } },
    },
  })
}
