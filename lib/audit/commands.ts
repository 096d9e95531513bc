import 'server-only'
import type { Actor, ResearcherActor, StaffActor } from '@/lib/actor'
import { type AuditAction, sealBatchSize } from '@/lib/audit/event'
import { type Asked, inTransaction, Prisma, type Tx } from '@/lib/db'
import { enqueueJob } from '@/lib/jobs/queue'

export type NewEvent = {
  action: AuditAction
  researcherId?: string | null
  attemptId?: string | null
  grantId?: string | null
  requestId?: string | null
  detail?: Prisma.InputJsonObject
}

/** Writes one event in the transaction of the change that it tells of. */
export async function recordEvent(tx: Tx, actor: Actor, event: NewEvent): Promise<void> {
  await recordEvents(tx, actor, [event])
}

/** Writes several events in one statement, in the order given. */
export async function recordEvents(tx: Tx, actor: Actor, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return
  await writeWithEvents(tx, { changes: [], events: events.map((event) => ({ ...event, actor })) })
}

/** Changes that can be made in any order, each a statement that writes, and the events that tell of them. */
export type Writes = { changes: Prisma.Sql[]; events: (NewEvent & { actor: Actor })[] }

/**
 * Makes the changes and writes their events, in the order given, in one statement: what waits for ORCID's answer to be
 * recorded waits for one round trip instead of many. No change sees what another one has written.
 */
export async function writeWithEvents(tx: Asked, writes: Writes): Promise<void> {
  await writeAll(tx, writes, Prisma.sql`/* writes */ with `, Prisma.empty)
}

/**
 * The same where `person` makes a row, in the same statement, and nothing at all where it makes none: then it gives false.
 * Each of the changes has to be one `from person`.
 */
export function writeWithPerson(tx: Asked, person: Prisma.Sql, writes: Writes): Promise<boolean> {
  return writeAll(tx, writes, Prisma.sql`/* save */ with person as (${person}), `, Prisma.sql`, person`)
}

async function writeAll(tx: Asked, { changes, events }: Writes, begin: Prisma.Sql, only: Prisma.Sql): Promise<boolean> {
  const at = new Date().toISOString()
  const rows = events.map(({ actor, ...event }) => ({ at, ...event, actorKind: actor.kind, actorId: actorId(actor) }))
  const parts = changes.map((change, index) => Prisma.sql`${Prisma.raw(`change_${index}`)} as (${change}), `)
  const written = await tx.$queryRaw<{ isDue: boolean }[]>`
    ${begin}${parts.length > 0 ? Prisma.join(parts, '') : Prisma.empty}written as (
      insert into audit_event
        (at, action, actor_kind, actor_id, researcher_id, attempt_id, grant_id, request_id, detail)
      select at, action, "actorKind", "actorId", "researcherId", "attemptId", "grantId", "requestId", coalesce(detail, '{}')
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as event(at timestamptz, action text,
        "actorKind" actor_kind, "actorId" uuid, "researcherId" uuid, "attemptId" uuid, "grantId" uuid,
        "requestId" text, detail jsonb)${only}
      returning id)
    select id % ${sealBatchSize} = 0 as "isDue" from written`
  // No job key: two transactions with the same one would wait for each other.
  if (written.some(({ isDue }) => isDue)) await enqueueJob(tx, 'seal-audit')
  return written.length > 0
}

/**
 * Writes down that a staff member looked somebody up, once an hour for each pair and kind of look, so that whoever keeps
 * a page open does not fill the history.
 */
export function recordEventHourly(
  actor: StaffActor,
  { action, researcherId }: { action: AuditAction; researcherId: string },
): Promise<void> {
  return inTransaction(async (tx) => {
    const pair = `${action} ${actor.staffId} ${researcherId}`
    // Two requests at once would each find nothing yet; the lock ends with the transaction.
    await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended(${pair}, 0))`
    const [seen] = await tx.$queryRaw<unknown[]>`
      select 1 from audit_event
      where researcher_id = ${researcherId}::uuid and actor_id = ${actor.staffId}::uuid
        and action = ${action} and at > now() - interval '1 hour'
      limit 1`
    if (!seen) await recordEvents(tx, actor, [{ action, researcherId }])
  })
}

function actorId(actor: Actor): string | null {
  if (actor.kind === 'researcher') return actor.researcherId
  return actor.kind === 'staff' ? actor.staffId : null
}

/** Writes down that a researcher downloaded what is held about them. */
export function recordDownload(actor: ResearcherActor, requestId: string): Promise<void> {
  const event = { action: 'data.downloaded', researcherId: actor.researcherId, requestId } as const
  return inTransaction((tx) => recordEvent(tx, actor, event))
}
