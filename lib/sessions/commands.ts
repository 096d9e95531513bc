import 'server-only'
import { type ResearcherActor, system } from '@/lib/actor'
import { recordEvent, recordEvents } from '@/lib/audit/commands'
import { db, inTransaction, type Tx } from '@/lib/db'
import { listOverdueSessions } from '@/lib/sessions/queries'
import { nameBrowser, sessionLifetimeMs } from '@/lib/sessions/session'

/** Begins a session for somebody whom ORCID has authenticated in `attemptId`. */
export async function startSession(
  tx: Tx,
  { id: researcherId, orcid }: { id: string; orcid: string },
  attemptId: string,
  requestId?: string,
): Promise<ResearcherActor> {
  // The limits of a role are applied at each request, because a role can change: this is the longest of them.
  const expiresAt = new Date(Date.now() + sessionLifetimeMs)
  const session = await tx.session.create({ data: { researcherId, attemptId, expiresAt }, select: { id: true } })
  const actor = { kind: 'researcher', researcherId, orcid, sessionId: session.id } as ResearcherActor
  await recordEvent(tx, actor, { action: 'session.started', researcherId, attemptId, requestId })
  return actor
}

/** Signs out: the session's row ends, so that a copy of its cookie is worth nothing. Repeating it changes nothing. */
export async function endSession(actor: ResearcherActor, requestId?: string): Promise<void> {
  await inTransaction((tx) => endSessionIn(tx, actor, requestId))
}

/** Ends every session of everybody, because the database was restored: some of them had ended already. */
export async function endAllSessions(tx: Tx): Promise<void> {
  await tx.session.updateMany({ where: { endedAt: null }, data: { endedAt: new Date() } })
}

/** Ends and forgets every session of a researcher who is being erased. */
export async function eraseSessions(tx: Tx, researcherId: string): Promise<void> {
  await tx.session.deleteMany({ where: { researcherId } })
}

export async function endSessionIn(tx: Tx, actor: ResearcherActor, requestId?: string): Promise<void> {
  const { count } = await tx.session.updateMany({
    where: { id: actor.sessionId, endedAt: null },
    data: { endedAt: new Date() },
  })
  if (count > 0) {
    await recordEvent(tx, actor, { action: 'session.ended', researcherId: actor.researcherId, requestId })
  }
}

/** Writes down that a session is in use, at most once a minute, and in which browser; an ended one stays as it was. */
export async function noteSessionSeen(id: string, userAgent: string | null): Promise<void> {
  await db().$executeRaw`
    update session set last_seen_at = now(), browser = ${nameBrowser(userAgent)}
    where id = ${id}::uuid and ended_at is null and (browser is null or last_seen_at <= now() - interval '1 minute')`
}

/**
 * Ends sessions of the caller: one, or with `others` all but the one that asks. Gives how many ended; one of somebody
 * else is not found. Each is dead at its next request.
 */
export function endMySessions(
  actor: ResearcherActor,
  which: { id: string } | 'others',
  requestId: string,
): Promise<number> {
  return inTransaction(async (tx) => {
    const ended = await tx.session.updateManyAndReturn({
      where: {
        researcherId: actor.researcherId,
        endedAt: null,
        id: which === 'others' ? { not: actor.sessionId } : which.id,
      },
      data: { endedAt: new Date() },
      select: { id: true },
    })
    const event = { action: 'session.ended', researcherId: actor.researcherId, requestId } as const
    await recordEvents(
      tx,
      actor,
      ended.map(({ id }) => ({ ...event, detail: { sessionId: id, by: 'another session' } })),
    )
    return ended.length
  })
}

const overdueAtOnceMax = 1_000

/**
 * Ends the sessions that are beyond their limits. They are dead already; once marked, no change of a role can bring one
 * back. Gives how many.
 */
export async function endOverdueSessions(): Promise<number> {
  const overdue = await listOverdueSessions(overdueAtOnceMax)
  if (overdue.length === 0) return 0
  return inTransaction(async (tx) => {
    const ended = await tx.session.updateManyAndReturn({
      where: { id: { in: overdue.map(({ id }) => id) }, endedAt: null },
      data: { endedAt: new Date() },
      select: { researcherId: true },
    })
    const detail = { by: 'its limits' }
    await recordEvents(
      tx,
      system,
      ended.map(({ researcherId }) => ({ action: 'session.ended' as const, researcherId, detail })),
    )
    return ended.length
  })
}
