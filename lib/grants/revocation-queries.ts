import 'server-only'
import type { ResearcherActor, StaffActor } from '@/lib/actor'
import { keyIdOf } from '@/lib/crypto/sealed'
import { db } from '@/lib/db'
import { keyMissing, overdueAfterH } from '@/lib/grants/revocation'

export type WaitingCount = {
  count: number
  oldestAt: Date | null
  newestAt: Date | null
  overdue: number
  overdueAt: Date | null
}

/** Revocations without ORCID’s answer: all, overdue, and the oldest. */
export async function countWaitingRevocations(_actor: StaffActor): Promise<WaitingCount> {
  const [waiting, overdue] = await Promise.all([
    db().revocation.aggregate({
      where: { confirmedAt: null },
      _count: true,
      _min: { requestedAt: true },
      _max: { requestedAt: true },
    }),
    countOverdueRevocations(),
  ])
  return {
    count: waiting._count,
    oldestAt: waiting._min.requestedAt,
    newestAt: waiting._max.requestedAt,
    overdue: overdue.count,
    overdueAt: overdue.newestAt,
  }
}

/** Tokens that ORCID has not disabled after `overdueAfterH`. */
export async function countOverdueRevocations(): Promise<{
  count: number
  oldestAt: Date | null
  newestAt: Date | null
}> {
  const overdue = await db().revocation.aggregate({
    where: { confirmedAt: null, requestedAt: { lt: new Date(Date.now() - overdueAfterH * 3_600_000) } },
    _count: true,
    _min: { requestedAt: true },
    _max: { requestedAt: true },
  })
  return { count: overdue._count, oldestAt: overdue._min.requestedAt, newestAt: overdue._max.requestedAt }
}

/** The same for the researcher who asks. */
export function countMyWaitingRevocations(actor: ResearcherActor): Promise<number> {
  return db().revocation.count({ where: { confirmedAt: null, grant: { researcherId: actor.researcherId } } })
}

/** When ORCID last confirmed that it cancelled one of the actor's permissions. */
export async function findMyCancelledAt(actor: ResearcherActor): Promise<Date | null> {
  const { _max } = await db().revocation.aggregate({
    where: { grant: { researcherId: actor.researcherId } },
    _max: { confirmedAt: true },
  })
  return _max.confirmedAt
}

const waitingMax = 100

/** Open revocations, oldest first, at most 100. `missingKey` is the id of the key that a revocation waits for. */
export async function listWaitingRevocations(_actor: StaffActor) {
  const waiting = await db().revocation.findMany({
    where: { confirmedAt: null },
    orderBy: { requestedAt: 'asc' },
    take: waitingMax,
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
