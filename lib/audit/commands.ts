import 'server-only'
import { z } from 'zod'
import type { Actor, ResearcherActor, StaffActor } from '@/lib/actor'
import { type AuditAction, checkpointBatchSize } from '@/lib/audit/event'
import { inTransaction, Prisma, queryRows, type Tx, toSqlTime } from '@/lib/db'
import { enqueueJob } from '@/lib/jobs/queue'

export type NewEvent = {
  action: AuditAction
  researcherId?: string | null
  attemptId?: string | null
  grantId?: string | null
  requestId?: string | null
  detail?: Prisma.InputJsonObject
  /** If it is not the actor of the events around it. */
  actor?: Actor
}

/** Call it in the transaction of the change. */
export async function recordEvent(tx: Tx, actor: Actor, event: NewEvent): Promise<void> {
  await recordEvents(tx, actor, [event])
}

/** Writes events in one statement, in their order, in the transaction of their change. */
export async function recordEvents(tx: Tx, actor: Actor, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return
  const at = toSqlTime(new Date())
  const rows = events.map(
    ({
      action,
      researcherId = null,
      attemptId = null,
      grantId = null,
      requestId = null,
      detail = {},
      actor: by = actor,
    }) => Prisma.sql`
      (${at}, ${action}, ${by.kind}::actor_kind, ${actorId(by)}::uuid, ${researcherId}::uuid, ${attemptId}::uuid,
        ${grantId}::uuid, ${requestId}::text, ${JSON.stringify(detail)}::jsonb)`,
  )
  const written = await queryRows(
    tx,
    z.object({ id: z.bigint() }),
    Prisma.sql`
      insert into audit_event
        (at, action, actor_kind, actor_id, researcher_id, attempt_id, grant_id, request_id, detail)
      values ${Prisma.join(rows)} returning id`,
  )
  // A job key would make concurrent transactions wait for each other.
  if (written.some(({ id }) => id % BigInt(checkpointBatchSize) === 0n)) await enqueueJob(tx, 'audit-checkpoint')
}

/** At most one event an hour per staff member, researcher and action: open pages must not fill the history. */
export function recordEventHourly(
  actor: StaffActor,
  { action, researcherId }: { action: AuditAction; researcherId: string },
): Promise<void> {
  return inTransaction(async (tx) => {
    const pair = `${action} ${actor.staffId} ${researcherId}`
    // The advisory lock keeps concurrent requests from both inserting.
    await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended(${pair}, 0))`
    const [seen] = await tx.$queryRaw<unknown[]>`
      select 1 from audit_event
      where researcher_id = ${researcherId}::uuid and actor_id = ${actor.staffId}::uuid
        and action = ${action} and at > now() - interval '1 hour'
      limit 1`
    if (!seen) await recordEvents(tx, actor, [{ action, researcherId }])
  })
}

/** The id of who acts, as the history and the list of calls keep it; null for Concord itself. */
export function actorId(actor: Actor): string | null {
  switch (actor.kind) {
    case 'researcher':
      return actor.researcherId
    case 'staff':
      return actor.staffId
    case 'api':
      return actor.systemId
    case 'system':
      return null
  }
}

/** Records that a researcher downloaded their data. */
export function recordDownload(actor: ResearcherActor, requestId: string): Promise<void> {
  const event = { action: 'data.downloaded', researcherId: actor.researcherId, requestId } as const
  return inTransaction((tx) => recordEvent(tx, actor, event))
}
