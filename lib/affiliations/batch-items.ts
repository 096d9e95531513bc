import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { removeItems, saveRows } from '@/lib/affiliations/commands'
import { type JudgedRow, judgeRows } from '@/lib/affiliations/drafts'
import { keyOf, type RawEntry, rawEntry } from '@/lib/affiliations/entry'
import { db, Prisma, queryRows, type Tx } from '@/lib/db'
import { departmentCondition } from '@/lib/list/visible'
import type { PersonKind } from '@/lib/people/person'
import { type Selection, toSelectionCondition } from '@/lib/people/selection'

/** What an appointment of each kind is on a record. */
const itemKinds: Record<PersonKind, string> = { staff: 'employment', student: 'education', guest: 'invited_position' }

const appointment = z.object({
  personId: z.string(),
  kind: z.enum(['staff', 'student', 'guest']),
  title: z.string().nullable(),
  department: z.string().nullable(),
  startOn: z.string().nullable(),
  endOn: z.string().nullable(),
})

export type ItemOptions = { kinds: readonly PersonKind[]; department: string | null }

/** A step as it is planned: an item to write, or why not. */
export type PlannedItem = { personId: string; item: RawEntry['fields']; reason: string | null }

/** One item an appointment of the selected people. */
export async function planItems(
  actor: StaffActor,
  { selection, scopes }: { selection: Selection; scopes: readonly string[] },
  { kinds, department }: ItemOptions,
): Promise<PlannedItem[]> {
  const where = department ? departmentCondition(department, Prisma.sql`a.department`) : Prisma.sql`true`
  const found = await queryRows(
    db(),
    appointment,
    Prisma.sql`
      select a.person_id::text as "personId", a.kind::text, a.title, a.department, a.start_on as "startOn", a.end_on as "endOn"
      from appointment a join (select person.id, name from person where ${toSelectionCondition(actor, { selection, scopes })}) as chosen
        on chosen.id = a.person_id
      where a.kind::text = any(${[...kinds]}::text[]) and ${where}
      order by chosen.name collate "und-x-icu", a.person_id, a.primary desc, a.start_on, a.id`,
  )
  const rows = found.map(
    ({ personId, kind, title, department: path, startOn, endOn }, index): RawEntry => ({
      line: index + 1,
      fields: {
        person: personId,
        type: itemKinds[kind],
        title: title ?? '',
        department: path ?? '',
        start: startOn ?? '',
        end: endOn ?? '',
      },
    }),
  )
  const reasons = await findReasons(actor, rows)
  return rows.map(({ line, fields }) => ({
    personId: fields.person ?? '',
    item: fields,
    reason: reasons.get(line) ?? null,
  }))
}

/** Why rows would not be written, by line. */
async function findReasons(actor: StaffActor, rows: readonly RawEntry[]): Promise<Map<number, string>> {
  const { good, obstructed, faulty } = await judgeRows(actor, rows)
  const isUntitled = (line: number) => !rows.find((row) => row.line === line)?.fields.title
  return new Map([
    ...good.flatMap(({ entry, verdict }) => (verdict === 'unchanged' ? [[entry.line, 'unchanged'] as const] : [])),
    ...obstructed.map(({ entry, obstacle }) => [entry.line, obstacle] as const),
    ...faulty.map(({ line }) => [line, isUntitled(line) ? 'no_title' : 'faulty'] as const),
  ])
}

const earlier = z.object({
  /** The item as it was; null for an addition, or for one that was being removed. */
  item: rawEntry.shape.fields.nullable(),
  /** The item’s revision once the step was written. */
  revision: z.int(),
})

/** Judges the items of steps by the current data; null for those that cannot be written any more. */
export async function judgeItems(
  actor: StaffActor,
  items: readonly RawEntry['fields'][],
): Promise<(JudgedRow | null)[]> {
  const { good } = await judgeRows(
    actor,
    items.map((fields, line) => ({ line, fields })),
  )
  return items.map(
    (_fields, line) => good.find((row) => row.entry.line === line && row.verdict !== 'unchanged') ?? null,
  )
}

/** Writes one judged item. Returns what undoing needs; null if somebody was faster. */
export async function writeItem(
  tx: Tx,
  actor: StaffActor,
  row: JudgedRow,
  requestId: string,
): Promise<{ affiliationId: string; before: Prisma.InputJsonObject } | null> {
  if ((await saveRows(tx, actor, [row], { origin: 'entered', requestId })).length === 0) return null
  const { kind, externalId } = row.entry.item
  const items = await tx.affiliation.findMany({
    where: { personId: row.personId, kind },
    select: { id: true, personId: true, kind: true, externalId: true, revision: true },
  })
  const written = items.find((item) => keyOf(item.personId, item) === keyOf(row.personId, { kind, externalId }))
  if (!written) return null
  const { existing } = row
  const item = existing && existing.removal === null ? toFields(existing) : null
  return { affiliationId: written.id, before: { item, revision: written.revision } satisfies z.infer<typeof earlier> }
}

const toFields = (item: NonNullable<JudgedRow['existing']>): Record<string, string> => ({
  person: item.personId,
  type: item.kind,
  title: item.title,
  department: item.department ?? '',
  start: item.startOn ?? '',
  end: item.endOn ?? '',
  url: item.url ?? '',
  external_id: item.externalId,
})

type Step = { affiliationId: string | null; before: unknown }

/** Whether the item is still as the step left it. */
export async function findUndoObstacle({ affiliationId, before }: Step): Promise<string | null> {
  if (!affiliationId) return 'gone'
  const item = await db().affiliation.findUnique({
    where: { id: affiliationId },
    select: { revision: true, state: true, removal: true },
  })
  if (!item) return 'gone'
  if (item.state === 'deleted_by_person' || item.removal === 'person') return 'deleted_by_person'
  return item.removal === null && item.revision === earlier.parse(before).revision ? null : 'changed'
}

/** What deletes what was added, and gives back what was changed; null if that is not possible any more. */
export async function prepareItemUndo(
  actor: StaffActor,
  { affiliationId, before }: Step,
  requestId: string,
): Promise<((tx: Tx) => Promise<boolean>) | null> {
  if (!affiliationId) return null
  const { item } = earlier.parse(before)
  if (item === null) return async (tx) => (await removeItems(tx, actor, [affiliationId], { requestId })).length > 0
  const { good } = await judgeRows(actor, [{ line: 1, fields: item }], affiliationId)
  const [row] = good
  if (!row || row.verdict === 'unchanged') return null
  return async (tx) => (await saveRows(tx, actor, [row], { origin: 'entered', requestId })).length > 0
}
