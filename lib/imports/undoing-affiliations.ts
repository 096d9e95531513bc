import 'server-only'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { Actor, StaffActor } from '@/lib/actor'
import { itemFields } from '@/lib/affiliations/affiliation'
import { enqueueResuming, removeItems, type SavableRow, saveRows } from '@/lib/affiliations/commands'
import { recordEvent, recordEvents } from '@/lib/audit/commands'
import { db, Prisma, queryRows, type Tx } from '@/lib/db'
import { contentFields } from '@/lib/imports/affiliation-row'
import { itemChange, rowsPerBatch, saveMs } from '@/lib/imports/item-change'

const undone = z.object({
  line: z.number(),
  verdict: z.enum(['added', 'changed', 'removed']),
  itemId: z.string(),
  before: itemChange,
  after: itemChange,
})
type Row = z.infer<typeof undone>

const readRows = (tx: Tx, id: string, { after = 0, line }: { after?: number; line?: number | undefined }) =>
  queryRows(
    tx,
    undone,
    Prisma.sql`
      select line, verdict::text, item_id::text as "itemId", coalesce(before, '{}') as before, coalesce(after, '{}') as after
      from import_row where import_id = ${id}::uuid and line > ${after} and item_id is not null
        and verdict in ('added', 'changed', 'removed') and ${line ? Prisma.sql`line = ${line}` : Prisma.sql`true`}
      order by line limit ${rowsPerBatch}`,
  )

const isIdle = Prisma.sql`(posted_revision is null and (claimed_until is null or claimed_until < now()))`

/**
 * Undoes an import in one transaction: takes back what ORCID does not have yet and nobody has changed since. What is
 * left keeps its item, and is listed with an undo of its own.
 */
export async function undoAffiliationsImport(actor: Actor, id: string, requestId = ''): Promise<void> {
  await db().$transaction(
    async (tx) => {
      await tx.$executeRaw(Prisma.raw(`set local statement_timeout = ${saveMs}`))
      const data = { state: 'undone', undoneAt: new Date() } as const
      const { count } = await tx.import.updateMany({ where: { id, state: 'undoing' }, data })
      if (count === 0) return
      let after = 0
      for (let rows = await readRows(tx, id, { after }); rows.length > 0; rows = await readRows(tx, id, { after })) {
        const taken = await takeBack(tx, actor, rows, requestId)
        await tx.importRow.updateMany({ where: { importId: id, line: { in: taken } }, data: { itemId: null } })
        after = rows.at(-1)?.line ?? Number.POSITIVE_INFINITY
      }
      await enqueueResuming(tx)
      await recordEvent(tx, actor, { action: 'import.undone', requestId, detail: { importId: id } })
    },
    { maxWait: 10_000, timeout: saveMs },
  )
}

const unwrittenItem = z.object({ id: z.string(), isNew: z.boolean() })

/** Returns the lines of which nothing is left. */
async function takeBack(tx: Tx, actor: Actor, rows: readonly Row[], requestId: string): Promise<number[]> {
  const ids = rows.map(({ itemId }) => itemId)
  await tx.$queryRaw`select 1 from affiliation where id = any(${ids}::uuid[]) order by id for update`
  const unwritten = await queryRows(
    tx,
    unwrittenItem,
    Prisma.sql`
      select id::text, put_code is null as "isNew" from affiliation where id = any(${ids}::uuid[]) and ${isIdle}
        and (put_code is null or written_revision is distinct from revision)
        and (state <> 'deleted' or researcher_id is null)`,
  )
  const isNew = new Map(unwritten.map((item) => [item.id, item.isNew]))
  const items = await readItems(tx, [...isNew.keys()])
  const mine = rows.flatMap((row) => {
    const item = items.get(row.itemId)
    return item && isAsLeft(row, item) ? [{ ...row, item }] : []
  })
  const isAddition = ({ verdict, before }: Row) => verdict === 'added' && before.removal === undefined
  const deleted = mine.filter((row) => isAddition(row) && isNew.get(row.itemId))
  await tx.affiliation.deleteMany({ where: { id: { in: deleted.map(({ itemId }) => itemId) } } })
  await recordEvents(
    tx,
    actor,
    deleted.map(({ item: { id, researcherId, kind } }) => ({
      action: 'affiliation.deleted',
      researcherId,
      requestId,
      detail: { affiliationId: id, kind },
    })),
  )
  const again = mine.filter(({ verdict, before }) => verdict === 'added' && before.removal !== undefined)
  await removeItems(
    tx,
    actor,
    again.map(({ itemId }) => itemId),
    { requestId, later: true },
  )
  const restored = mine.filter(({ verdict }) => verdict !== 'added')
  await restore(tx, actor, restored, requestId)
  return [...deleted, ...again, ...restored].map(({ line }) => line)
}

type Item = NonNullable<SavableRow['existing']>

async function readItems(tx: Tx, ids: readonly string[]): Promise<Map<string, Item>> {
  const items = await tx.affiliation.findMany({
    where: { id: { in: [...ids] } },
    select: { ...itemFields, state: true, removal: true },
  })
  return new Map(items.map((item) => [item.id, item]))
}

/** Whether the item is still as the import left it. */
function isAsLeft({ verdict, after }: Row, item: Item): boolean {
  if (verdict === 'removed') return item.removal === 'staff'
  const isSame = contentFields.every((field) => !(field in after) || after[field] === item[field])
  return item.removal === null && isSame && (!('work' in after) || isDeepStrictEqual(after.work, item.work))
}

/** Gives items back the words that they had; an item that was removed is written again. */
function restore(tx: Tx, actor: Actor, rows: readonly (Row & { item: Item })[], requestId: string) {
  const toSave = rows.map(({ item, before }): SavableRow => {
    const { kind, externalId } = item
    const { title = item.title, department = null, startOn = null, endOn = null, url = null } = before
    const work = before.work ?? item.work ?? undefined
    const entry = { item: { kind, externalId, title, department, startOn, endOn, url, work } }
    return { personId: item.personId, existing: item, entry }
  })
  return saveRows(tx, actor, toSave, { origin: 'imported', requestId, later: true })
}

/** Undoes what an undone import had written to ORCID: one row, or all. Returns how many. */
export function undoWritten(
  actor: StaffActor,
  id: string,
  { line, requestId }: { line?: number | undefined; requestId: string },
): Promise<number> {
  return db().$transaction(
    async (tx) => {
      const undoneImport = {
        id,
        state: 'undone',
        kind: { in: ['affiliations', 'works'] },
      } satisfies Prisma.ImportWhereInput
      if (!(await tx.import.findFirst({ where: undoneImport, select: { id: true } }))) return 0
      let [done, after] = [0, 0]
      for (let rows = await readRows(tx, id, { after, line }); rows.length > 0; ) {
        done += await undoRows(tx, actor, rows, requestId)
        after = rows.at(-1)?.line ?? Number.POSITIVE_INFINITY
        rows = await readRows(tx, id, { after, line })
      }
      await enqueueResuming(tx)
      return done
    },
    { maxWait: 10_000, timeout: saveMs },
  )
}

async function undoRows(tx: Tx, actor: StaffActor, rows: readonly Row[], requestId: string): Promise<number> {
  const items = await readItems(
    tx,
    rows.map(({ itemId }) => itemId),
  )
  const mine = rows.flatMap((row) => {
    const item = items.get(row.itemId)
    return item && item.state !== 'deleted_by_person' && isAsLeft(row, item) ? [{ ...row, item }] : []
  })
  const added = mine.filter(({ verdict }) => verdict === 'added').map(({ itemId }) => itemId)
  const removed = await removeItems(tx, actor, added, { requestId, later: true })
  const changed = mine.filter(({ verdict }) => verdict !== 'added')
  return removed.length + (await restore(tx, actor, changed, requestId)).length
}
