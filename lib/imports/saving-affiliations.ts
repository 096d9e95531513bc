import 'server-only'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { Actor } from '@/lib/actor'
import { itemFields } from '@/lib/affiliations/affiliation'
import { enqueueResuming, removeItems, type SavableRow, saveRows } from '@/lib/affiliations/commands'
import { deriveExternalId, keyOf } from '@/lib/affiliations/entry'
import { recordEvent } from '@/lib/audit/commands'
import { db, Prisma, queryRows, type Tx } from '@/lib/db'
import { type ContentField, contentFields } from '@/lib/imports/affiliation-row'
import { type ItemChange, itemChange, rowsPerBatch, saveMs } from '@/lib/imports/item-change'
import { quote, type RowFault } from '@/lib/imports/people-row'

/** Saves an import of affiliations or of works in one transaction. False if somebody else did, or if it was discarded. */
export async function saveAffiliationsImport(actor: Actor, id: string, requestId = ''): Promise<boolean> {
  return db().$transaction(
    async (tx) => {
      await tx.$executeRaw(Prisma.raw(`set local statement_timeout = ${saveMs}`))
      const [locked] = await queryRows(
        tx,
        z.object({ kind: z.string() }),
        Prisma.sql`
        select kind::text from import where id = ${id}::uuid and state = 'saving' for update`,
      )
      if (!locked) return false
      let after = 0
      for (let rows = await readRows(tx, id, after); rows.length > 0; rows = await readRows(tx, id, after)) {
        await saveOutcomes(tx, id, await saveBatch(tx, actor, rows, requestId))
        after = rows.at(-1)?.line ?? Number.POSITIVE_INFINITY
      }
      const counts = await tx.importRow.groupBy({ by: ['verdict'], where: { importId: id }, _count: true })
      const data = {
        state: 'saved',
        savedAt: new Date(),
        file: null,
        counts: Object.fromEntries(counts.map(({ verdict, _count }) => [verdict, _count])),
      } as const
      await tx.import.update({ where: { id }, data, select: { id: true } })
      await enqueueResuming(tx)
      await recordEvent(tx, actor, {
        action: 'import.saved',
        requestId,
        detail: { importId: id, kind: locked.kind },
      })
      return true
    },
    { maxWait: 10_000, timeout: saveMs },
  )
}

const saved = z.object({
  line: z.number(),
  verdict: z.enum(['added', 'changed', 'perhaps', 'removed']),
  decision: z.enum(['same', 'added']).nullable(),
  personId: z.string().nullable(),
  nearId: z.string().nullable(),
  itemId: z.string().nullable(),
  after: itemChange,
})
type Row = z.infer<typeof saved>

const readRows = (tx: Tx, id: string, after: number): Promise<Row[]> =>
  queryRows(
    tx,
    saved,
    Prisma.sql`
      select line, verdict::text, decision::text, person_id::text as "personId", near_id::text as "nearId",
        item_id::text as "itemId", coalesce(after, '{}') as after
      from import_row where import_id = ${id}::uuid and line > ${after}
        and verdict in ('added', 'changed', 'perhaps', 'removed') order by line limit ${rowsPerBatch}`,
  )

/** What became of a row. `before`: what undoing gives back. */
type Outcome = {
  line: number
  verdict: 'added' | 'changed' | 'unchanged' | 'removed' | 'refused'
  faults: RowFault[] | null
  personId: string | null
  itemId: string | null
  before: ItemChange
}

type Existing = NonNullable<SavableRow['existing']>

async function saveBatch(tx: Tx, actor: Actor, rows: readonly Row[], requestId: string): Promise<Outcome[]> {
  const items = await tx.affiliation.findMany({
    where: { id: { in: rows.flatMap(({ itemId }) => itemId ?? []) } },
    select: { ...itemFields, state: true, removal: true },
  })
  const byId = new Map(items.map((item) => [item.id, item]))
  const planned = rows.map((row) => plan(row, (row.itemId && byId.get(row.itemId)) || null))
  const toSave = planned.flatMap(({ save }) => save ?? [])
  const done = await saveRows(tx, actor, toSave, { origin: 'imported', requestId, later: true })
  const idByKey = new Map(done.map((item) => [keyOf(item.personId, item), item.id]))
  const toRemove = planned.flatMap(({ outcome }) => (outcome.verdict === 'removed' ? (outcome.itemId ?? []) : []))
  const removed = new Set(await removeItems(tx, actor, toRemove, { requestId, later: true }))
  return planned.map(({ outcome, save }) => {
    if (outcome.verdict === 'removed') return removed.has(outcome.itemId ?? '') ? outcome : { ...outcome, ...late }
    if (!save) return outcome
    const itemId = idByKey.get(keyOf(save.personId, save.entry.item))
    return itemId ? { ...outcome, itemId } : { ...outcome, ...late }
  })
}

const late = {
  verdict: 'refused',
  faults: [{ field: null, code: 'changed_meanwhile', quoted: '' }],
  itemId: null,
} as const satisfies Partial<Outcome>

/** Judged once more, by what the item is now. */
function plan(row: Row, found: Existing | null): { outcome: Outcome; save: SavableRow | null } {
  const { line, verdict, decision, after } = row
  const isOther = verdict === 'perhaps' && decision === 'added'
  const existing = isOther ? null : found
  const personId = row.personId ?? row.nearId
  const outcome: Outcome = {
    line,
    verdict: 'unchanged',
    faults: null,
    personId,
    itemId: existing?.id ?? null,
    before: {},
  }
  if (isOther && row.nearId) {
    const fault = { field: 'local_id', code: 'not_found', quoted: '' } as const
    return { outcome: { ...outcome, verdict: 'refused', faults: [fault], personId: null }, save: null }
  }
  if (personId === null || (row.itemId !== null && !isOther && !existing)) {
    return { outcome: { ...outcome, ...late }, save: null }
  }
  if (existing?.state === 'deleted_by_person' || existing?.removal === 'person') {
    const code = existing.removal === 'person' ? 'removed_by_person' : 'deleted_by_person'
    const faults = [{ field: 'title' as const, code, quoted: quote(existing.title) } as const]
    return { outcome: { ...outcome, verdict: 'refused', faults, itemId: null }, save: null }
  }
  if (verdict === 'removed') {
    return { outcome: { ...outcome, verdict, before: existing ? contentOf(existing) : {} }, save: null }
  }
  const item = existing ? { ...existing, ...pickContent(after) } : toItem(after)
  if (!item) return { outcome: { ...outcome, ...late }, save: null }
  const { kind, externalId, title, department, startOn, endOn, url, work } = item
  const content = { kind, externalId, title, department, startOn, endOn, url, work: work ?? undefined }
  const save = { personId, existing, entry: { item: content } }
  if (!existing) return { outcome: { ...outcome, verdict: 'added' }, save }
  const differs =
    existing.removal !== null ||
    contentFields.some((field) => item[field] !== existing[field]) ||
    !isDeepStrictEqual(work, existing.work)
  if (!differs) return { outcome, save: null }
  const before = { ...contentOf(existing), ...(existing.removal ? { removal: existing.removal } : {}) }
  return { outcome: { ...outcome, verdict: existing.removal ? 'added' : 'changed', before }, save }
}

const contentOf = (item: Pick<Existing, ContentField | 'work'>): ItemChange => ({
  ...Object.fromEntries(contentFields.map((field) => [field, item[field]])),
  ...(item.work === null ? {} : { work: item.work }),
})

function pickContent(after: ItemChange): Partial<Pick<Existing, ContentField>> & { work?: unknown } {
  const { title, kind: _kind, externalId: _externalId, removal: _removal, ...rest } = after
  return title ? { ...rest, title } : rest
}

function toItem({
  kind,
  title,
  externalId,
  department = null,
  startOn = null,
  endOn = null,
  url = null,
  work,
}: ItemChange) {
  if (!kind || !title) return null
  const about = { kind, title, department, startOn }
  return { ...about, externalId: externalId ?? deriveExternalId(about), endOn, url, work }
}

async function saveOutcomes(tx: Tx, importId: string, outcomes: readonly Outcome[]): Promise<void> {
  const given = outcomes.map(({ personId, itemId, ...outcome }) => ({
    ...outcome,
    person_id: personId,
    item_id: itemId,
  }))
  await tx.$executeRaw`
    update import_row r set verdict = given.verdict::import_verdict, faults = given.faults, person_id = given.person_id,
      item_id = given.item_id, before = given.before
    from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as given (line int, verdict text, faults jsonb,
      person_id uuid, item_id uuid, before jsonb)
    where r.import_id = ${importId}::uuid and r.line = given.line`
}
