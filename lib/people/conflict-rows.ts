import 'server-only'
import { z } from 'zod'
import { type Actor, system } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import { Prisma, queryRows, type Tx } from '@/lib/db'
import type { ConflictKind, Evidence } from '@/lib/people/person'

type NewConflict = {
  kind: ConflictKind
  personId: string
  otherPersonId?: string
  researcherId?: string
  evidence?: readonly Evidence[]
  requestId?: string
}

const openedRow = z.object({ id: z.string(), isNew: z.boolean() })

/** Opens a conflict or proposal, or adds the evidence to the one that is open already. Returns its id. */
export async function openConflict(tx: Tx, conflict: NewConflict, actor: Actor = system): Promise<string> {
  const { kind, personId, otherPersonId = null, researcherId = null, evidence = [], requestId } = conflict
  const [opened] = await queryRows(
    tx,
    openedRow,
    Prisma.sql`
      insert into conflict as known (kind, person_id, other_person_id, researcher_id, evidence)
      values (${kind}::conflict_kind, ${personId}::uuid, ${otherPersonId}::uuid, ${researcherId}::uuid,
        ${[...evidence]}::text[])
      on conflict (kind, person_id, other_person_id) where resolved_at is null do update set evidence =
        array(select distinct each from unnest(known.evidence || excluded.evidence) as each order by each)
      returning id::text, xmax = 0 as "isNew"`,
  )
  const { id, isNew } = openedRow.parse(opened)
  if (isNew) {
    const detail = { conflictId: id, kind, personId }
    await recordEvent(tx, actor, { action: 'conflict.opened', researcherId, requestId, detail })
  }
  return id
}

type Settled = { personId: string; researcherId: string; onlyOf?: string }

/** The iD is bound: that answers what is open about it, or only what is open about `onlyOf`. Returns what it closed. */
export async function settleConflicts(tx: Tx, { personId, researcherId, onlyOf }: Settled): Promise<string[]> {
  const closed = await queryRows(
    tx,
    z.object({ id: z.string() }),
    Prisma.sql`
      update conflict set resolved_at = now(),
        resolution = (case when person_id = ${personId}::uuid or other_person_id is null then 'bound' else 'kept' end)::conflict_resolution
      where researcher_id = ${researcherId}::uuid and resolved_at is null and kind <> 'other_id_known'
        and person_id = coalesce(${onlyOf ?? null}::uuid, person_id)
      returning id::text`,
  )
  return closed.map(({ id }) => id)
}

type Move = { researcherId: string; fromId: string; toId: string }

/** The other side of a question about an iD is always whoever has it. */
export async function moveConflicts(tx: Tx, { researcherId, fromId, toId }: Move): Promise<void> {
  await tx.conflict.updateMany({ where: { researcherId, otherPersonId: fromId }, data: { otherPersonId: toId } })
  // Without another side, the question is whose the iD is.
  await tx.conflict.updateMany({
    where: { researcherId, personId: fromId, otherPersonId: null, kind: 'proposal' },
    data: { personId: toId },
  })
}

/** Opens again what was closed along with something else, unless the same question is open by now. */
export async function openAgain(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.$executeRaw`
    update conflict as c set resolved_at = null, resolution = null, moved = null
    where id = any(${ids}::uuid[]) and resolved_at is not null and not exists (
      select from conflict o where o.resolved_at is null and o.kind = c.kind and o.person_id = c.person_id
        and o.other_person_id is not distinct from c.other_person_id)`
}

/** The iD that differed from the known one is no longer the person’s, or nothing else is known any more. */
export async function closeOtherIdKnown(tx: Tx, personId: string): Promise<void> {
  await tx.conflict.updateMany({
    where: { personId, kind: 'other_id_known', resolvedAt: null },
    data: { resolvedAt: new Date(), resolution: 'split' },
  })
}
