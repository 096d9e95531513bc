import 'server-only'
import { z } from 'zod'
import type { ApiActor } from '@/lib/actor'
import { type AffiliationItem, itemFields } from '@/lib/affiliations/affiliation'
import { removeItems, saveRows } from '@/lib/affiliations/commands'
import type { ExistingItem } from '@/lib/affiliations/queries'
import { db, Prisma, type Queryable, queryRows, type Tx } from '@/lib/db'
import { covered, findCoverage } from '@/lib/systems/coverage'
import { recordUse } from '@/lib/systems/use'

const shown = {
  id: true,
  personId: true,
  kind: true,
  externalId: true,
  title: true,
  department: true,
  startOn: true,
  endOn: true,
  url: true,
  work: true,
  state: true,
  reason: true,
  putCode: true,
  addedAt: true,
  changedAt: true,
  writtenAt: true,
} satisfies Prisma.AffiliationSelect
export type SystemItem = Prisma.AffiliationGetPayload<{ select: typeof shown }>

/** Why a write of a system is refused. */
export type SystemItemFault =
  | 'not_found'
  | 'not_permitted'
  | 'already_exists'
  | 'removed_by_person'
  /** The person wants no works from systems. */
  | 'works_not_wanted'
  /** ORCID shows the identifier to everybody. */
  | 'is_local_id'

const compared = { ...itemFields, state: true, removal: true, systemId: true } satisfies Prisma.AffiliationSelect

/** What a system may write, each by a right of its own. */
export type Written = 'affiliations' | 'works'

const rightFor = { affiliations: 'affiliations:write', works: 'works:write' } as const
const writtenAs = ({ kind }: Pick<AffiliationItem, 'kind'>): Written => (kind === 'work' ? 'works' : 'affiliations')

/** SQL on the table `affiliation`: added by the system, for somebody who lets it. */
const isTheirs = (actor: ApiActor, written: Written) => Prisma.sql`affiliation.system_id = ${actor.systemId}::uuid
  and (affiliation.kind = 'work') = ${written === 'works'}
  and exists (select from person where person.id = affiliation.person_id and ${covered(actor, rightFor[written])})`

async function read(tx: Queryable, condition: Prisma.Sql, limit: number): Promise<string[]> {
  const rows = await queryRows(
    tx,
    z.object({ id: z.string() }),
    Prisma.sql`select affiliation.id::text as id from affiliation where ${condition} order by affiliation.id limit ${limit}`,
  )
  return rows.map(({ id }) => id)
}

/** The items that the system added, of people who let it write, by id. */
export async function listSystemItems(
  actor: ApiActor,
  written: Written,
  { personId, afterId, limit }: { personId?: string; afterId?: string; limit: number },
): Promise<SystemItem[]> {
  const parts = [isTheirs(actor, written)]
  if (personId) parts.push(Prisma.sql`affiliation.person_id = ${personId}::uuid`)
  if (afterId) parts.push(Prisma.sql`affiliation.id > ${afterId}::uuid`)
  const ids = await read(db(), Prisma.join(parts, ' and '), limit)
  return db().affiliation.findMany({ where: { id: { in: ids } }, orderBy: { id: 'asc' }, select: shown })
}

/** One of them. Null also for an item of somebody else. */
export function findSystemItem(
  actor: ApiActor,
  written: Written,
  id: string,
  tx: Tx = db(),
): Promise<SystemItem | null> {
  return findTheirs(tx, actor, written, Prisma.sql`affiliation.id = ${id}::uuid`)
}

/** By ORCID's number of the item on somebody's record. */
export function findSystemItemByPutCode(
  actor: ApiActor,
  written: Written,
  { personId, putCode }: { personId: string; putCode: string },
): Promise<SystemItem | null> {
  const condition = Prisma.sql`affiliation.person_id = ${personId}::uuid and affiliation.put_code = ${putCode}`
  return findTheirs(db(), actor, written, condition)
}

async function findTheirs(
  tx: Tx,
  actor: ApiActor,
  written: Written,
  condition: Prisma.Sql,
): Promise<SystemItem | null> {
  const [found] = await read(tx, Prisma.sql`${condition} and ${isTheirs(actor, written)}`, 1)
  return found ? tx.affiliation.findUnique({ where: { id: found }, select: shown }) : null
}

export type Saved = { id: string } | { fault: SystemItemFault }

/** Adds an item, or again one that the system has removed. It is written to ORCID later. */
export async function addSystemItem(
  tx: Tx,
  actor: ApiActor,
  { personId, item, requestId }: { personId: string; item: AffiliationItem; requestId: string },
): Promise<Saved> {
  const { rights } = await findCoverage(tx, actor, personId)
  if (rights.length === 0) return { fault: 'not_found' }
  if (!rights.includes(rightFor[writtenAs(item)])) return { fault: 'not_permitted' }
  const existing = await tx.affiliation.findFirst({
    where: { personId, kind: item.kind, externalId: { equals: item.externalId, mode: 'insensitive' } },
    select: compared,
  })
  if (existing && (existing.systemId !== actor.systemId || existing.removal === null)) {
    return { fault: existing.state === 'deleted_by_person' ? 'removed_by_person' : 'already_exists' }
  }
  const person = await tx.person.findUniqueOrThrow({ where: { id: personId }, select: { localId: true } })
  if (person.localId?.trim().toLowerCase() === item.externalId.replace(/^other-id:/, '').toLowerCase())
    return { fault: 'is_local_id' }
  return save(tx, actor, { personId, item, requestId, existing })
}

/** Changes an item that the system added. */
export async function changeSystemItem(
  tx: Tx,
  actor: ApiActor,
  { id, item, requestId }: { id: string; item: AffiliationItem; requestId: string },
): Promise<Saved> {
  const found = await findSystemItem(actor, writtenAs(item), id, tx)
  if (!found) return { fault: 'not_found' }
  // On the wrong record, it can only be removed.
  const existing = await tx.affiliation.findFirst({ where: { id, misplaced: false }, select: compared })
  if (!existing) return { fault: 'not_found' }
  return save(tx, actor, { personId: found.personId, item, requestId, existing })
}

type Saving = {
  personId: string
  item: AffiliationItem
  requestId: string
  existing: ExistingItem['item'] | null
}

async function save(tx: Tx, actor: ApiActor, { personId, item, requestId, existing }: Saving): Promise<Saved> {
  if (existing?.removal === 'person' || existing?.state === 'deleted_by_person') return { fault: 'removed_by_person' }
  const wish = item.kind === 'work' ? await findWish(tx, personId) : 'ask'
  if (wish === 'never' && (existing?.putCode ?? null) === null) return { fault: 'works_not_wanted' }
  const row = { personId, existing, entry: { item } }
  const context = { origin: 'system', systemId: actor.systemId, requestId, asks: wish !== 'automatic' } as const
  const [saved] = await saveRows(tx, actor, [row], context)
  if (!saved) return { fault: 'already_exists' }
  await recordUse(tx, actor, rightFor[writtenAs(item)], [personId])
  return { id: saved.id }
}

/** Whether the person wants works from systems. Their choice does not change meanwhile. */
async function findWish(tx: Tx, personId: string) {
  const [found] = await queryRows(
    tx,
    z.object({ wish: z.enum(['ask', 'automatic', 'never']) }),
    Prisma.sql`
    select works_preference::text as wish from researcher
    where id = (select researcher_id from person where id = ${personId}::uuid) for share`,
  )
  return found?.wish ?? 'ask'
}

/** Requests the deletion of an item that the system added. Idempotent. */
export async function removeSystemItem(
  tx: Tx,
  actor: ApiActor,
  written: Written,
  { id, requestId }: { id: string; requestId: string },
): Promise<Saved> {
  const found = await findSystemItem(actor, written, id, tx)
  if (!found) return { fault: 'not_found' }
  await removeItems(tx, actor, [id], { requestId })
  await recordUse(tx, actor, rightFor[written], [found.personId])
  return { id }
}
