import 'server-only'
import type { ResearcherActor } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import { inTransaction, type Tx } from '@/lib/db'
import { sessionLifetimeMs } from '@/lib/sessions/session'
import { findRole } from '@/lib/staff/queries'

/** Begins a session for somebody whom ORCID has just authenticated in `attemptId`. Gives its id. */
export async function startSession(
  tx: Tx,
  researcher: { id: string; orcid: string },
  attemptId: string,
  requestId?: string,
): Promise<string> {
  const role = await findRole(tx, researcher.orcid)
  const lifetimeMs = role ? sessionLifetimeMs.staff : sessionLifetimeMs.researcher
  const session = await tx.session.create({
    data: { researcherId: researcher.id, attemptId, expiresAt: new Date(Date.now() + lifetimeMs) },
    select: { id: true },
  })
  const actor = {
    kind: 'researcher',
    researcherId: researcher.id,
    orcid: researcher.orcid,
    sessionId: session.id,
  } as const
  await recordEvent(tx, actor, { action: 'session.started', researcherId: researcher.id, attemptId, requestId })
  return session.id
}

/** Signs out: the session's row ends, so that a copy of its cookie is worth nothing. Repeating it changes nothing. */
export async function endSession(actor: ResearcherActor, requestId?: string): Promise<void> {
  await inTransaction((tx) => endSessionIn(tx, actor, requestId))
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
