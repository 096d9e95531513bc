import 'server-only'
import { type ResearcherActor, system } from '@/lib/actor'
import { recordEvent, recordEvents } from '@/lib/audit/commands'
import { db, inTransaction, type Tx } from '@/lib/db'
import { listOverdueSessions } from '@/lib/sessions/queries'
import { nameBrowser, sessionLifetimeMs } from '@/lib/sessions/session'

/** What ORCID said about the sign-in: when it was, null if it did not say, and whether with a second factor. */
export type SignIn = { authenticatedAt: Date | null; secondFactor: boolean }

/** Call it only for a researcher whom ORCID authenticated in `attemptId`. The caller records the event. */
export async function startSession(
  tx: Tx,
  { id: researcherId, orcid }: { id: string; orcid: string },
  { attemptId, signIn }: { attemptId: string; signIn: SignIn },
): Promise<ResearcherActor> {
  // Each request applies the limits of the current role. This is the longest limit.
  const expiresAt = new Date(Date.now() + sessionLifetimeMs)
  const session = await tx.session.create({
    data: { researcherId, attemptId, expiresAt, ...signIn },
    select: { id: true },
  })
  return { kind: 'researcher', researcherId, orcid, sessionId: session.id } as ResearcherActor
}

/** Another session of the same sign-in, for a browser that got no answer to the first. */
export async function joinSession(tx: Tx, researcher: { id: string; orcid: string }, attemptId: string) {
  const first = await tx.session.findFirst({
    where: { attemptId },
    orderBy: { createdAt: 'asc' },
    select: { authenticatedAt: true, secondFactor: true },
  })
  const signIn = first ?? { authenticatedAt: null, secondFactor: false }
  return startSession(tx, researcher, { attemptId, signIn })
}

/** Ends the session's row, so that a copied cookie no longer works. Idempotent. */
export async function endSession(actor: ResearcherActor, requestId?: string): Promise<void> {
  await inTransaction((tx) => endSessionIn(tx, actor, requestId))
}

/** Runs after a restore: some sessions had already ended. */
export async function endAllSessions(tx: Tx): Promise<void> {
  await tx.session.updateMany({ where: { endedAt: null }, data: { endedAt: new Date() } })
}

/** Deletes the sessions of a researcher who is being erased. */
export async function eraseSessions(tx: Tx, researcherId: string): Promise<void> {
  await tx.session.deleteMany({ where: { researcherId } })
}

/** Ends a session in the caller’s transaction; repeatable. */
export async function endSessionIn(tx: Tx, actor: ResearcherActor, requestId?: string): Promise<void> {
  const { count } = await tx.session.updateMany({
    where: { id: actor.sessionId, endedAt: null },
    data: { endedAt: new Date() },
  })
  if (count > 0) {
    await recordEvent(tx, actor, { action: 'session.ended', researcherId: actor.researcherId, requestId })
  }
}

/** Saves the time and the browser, at most once a minute, and only of a live session. */
export async function noteSessionSeen(id: string, userAgent: string | null): Promise<void> {
  await db().$executeRaw`
    update session set last_seen_at = now(), browser = ${nameBrowser(userAgent)}
    where id = ${id}::uuid and ended_at is null and (browser is null or last_seen_at <= now() - interval '1 minute')`
}

/** Ends one session of the actor, or with `others` all except the current one. Returns the number of ended sessions. */
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

const overdueBatchSize = 1_000

/** Marks expired sessions as ended, so that a change of role cannot revive them. Returns their number. */
export async function endOverdueSessions(): Promise<number> {
  const overdue = await listOverdueSessions(overdueBatchSize)
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
