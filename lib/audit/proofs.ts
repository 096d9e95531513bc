import 'server-only'
import {
  type ChainedEvent,
  type Checkpoint,
  chainedEvent,
  chainedEventColumns,
  type EventProof,
  proveEvent,
} from '@/lib/audit/chain'
import { db, Prisma, queryRows } from '@/lib/db'

export type ProvenEvent = { event: ChainedEvent; proof: (EventProof & { hash: string }) | null }

/**
 * The events of a researcher's grants with these actions, oldest first, each with its place under a checkpoint once
 * there is one. Omits those of staff, whose numbers are nobody else's business.
 */
export async function listProvenEvents(
  researcherId: string,
  { grantIds, actions }: { grantIds: readonly string[]; actions: readonly string[] },
): Promise<ProvenEvent[]> {
  const events = await queryRows(
    db(),
    chainedEvent,
    Prisma.sql`
    select ${Prisma.raw(chainedEventColumns)} from audit_event
    where researcher_id = ${researcherId}::uuid and grant_id::text = any(${[...grantIds]}) and action = any(${[...actions]})
      and actor_kind <> 'staff'
    order by id`,
  )
  let last: Checkpoint | null = null
  const proven: ProvenEvent[] = []
  for (const event of events) {
    if (!last || last.lastEventId < event.id) last = await findCheckpoint(event.id)
    const proof = last && proveEvent(last, event.id)
    proven.push({ event, proof: last && proof && { ...proof, hash: last.hash } })
  }
  return proven
}

/** The checkpoint of whose range an event is. */
function findCheckpoint(eventId: bigint): Promise<Checkpoint | null> {
  return db().auditCheckpoint.findFirst({ where: { lastEventId: { gte: eventId } }, orderBy: { lastEventId: 'asc' } })
}
