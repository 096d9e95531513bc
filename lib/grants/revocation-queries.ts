import 'server-only'
import type { ResearcherActor, StaffActor } from '@/lib/actor'
import { keyIdOf } from '@/lib/crypto/sealed'
import { db } from '@/lib/db'
import { keyMissing, overdueAfterH } from '@/lib/grants/revocation'

export type WaitingCount = { count: number; oldestAt: Date | null; overdue: number }

/** How many tokens ORCID still has to disable, since when the oldest waits, and how many wait for too long. */
export async function countWaitingRevocations(_actor: StaffActor): Promise<WaitingCount> {
  const [waiting, overdue] = await Promise.all([
    db().revocation.aggregate({ where: { confirmedAt: null }, _count: true, _min: { requestedAt: true } }),
    countOverdueRevocations(),
  ])
  return { count: waiting._count, oldestAt: waiting._min.requestedAt, overdue: overdue.count }
}

/** How many tokens ORCID should have disabled days ago, and since when the oldest waits. */
export async function countOverdueRevocations(): Promise<{ count: number; oldestAt: Date | null }> {
  const overdue = await db().revocation.aggregate({
    where: { confirmedAt: null, requestedAt: { lt: new Date(Date.now() - overdueAfterH * 3_600_000) } },
    _count: true,
    _min: { requestedAt: true },
  })
  return { count: overdue._count, oldestAt: overdue._min.requestedAt }
}

/** How many tokens of the researcher who asks ORCID still has to disable. */
export function countMyWaitingRevocations(actor: ResearcherActor): Promise<number> {
  return db().revocation.count({ where: { confirmedAt: null, grant: { researcherId: actor.researcherId } } })
}

const mostWaiting = 100

/**
 * The revocations that wait, oldest first, at most 100, with the researcher each belongs to and the id of the key that
 * it waits for, if any.
 */
export async function listWaitingRevocations(_actor: StaffActor) {
  const waiting = await db().revocation.findMany({
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
      sealedToken: true,
      grant: { select: { researcher: { select: { orcid: true, name: true } } } },
    },
  })
  return waiting.map(({ sealedToken, ...revocation }) => ({
    ...revocation,
    missingKey: revocation.lastOutcome === keyMissing && sealedToken ? keyIdOf(sealedToken) : null,
  }))
}
