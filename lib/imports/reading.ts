import 'server-only'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { z } from 'zod'
import { env } from '@/lib/config/env'
import { db, inTransaction, Prisma, pool, queryRows } from '@/lib/db'
import { makeAffiliationJudge } from '@/lib/imports/affiliation-judge'
import type { ImportKind, Mapping } from '@/lib/imports/columns'
import { fieldsOf, importKinds, mapColumns, missingFields } from '@/lib/imports/columns'
import { type DateOrder, possibleOrders } from '@/lib/imports/dates'
import { type Encoding, encodings } from '@/lib/imports/encoding'
import type { Doubt } from '@/lib/imports/import'
import { type JudgedRow, refusedRow } from '@/lib/imports/judge'
import { makePeopleJudge } from '@/lib/imports/people-judge'
import { type ReadTable, readTable } from '@/lib/imports/read'
import type { TableRows } from '@/lib/imports/table'
import { makeWorkJudge } from '@/lib/imports/work-judge'

const asked = z.object({
  kind: z.enum(importKinds),
  complete: z.boolean(),
  encoding: z.string().nullable(),
  mapping: z.array(z.string()),
  dateOrder: z.enum(['day-first', 'month-first']).nullable(),
})

/** Reads an import's file and compares each row with what is here. Repeatable: what was found before is replaced. */
export async function readImport(id: string): Promise<void> {
  const found = await openFile(id)
  if (!found) return
  const { read, kind, complete, chosen, dateOrder } = found
  if ('fault' in read) return fail(id, read.fault, read.detail)
  const mapping: Mapping = chosen.length > 0 ? toMapping(chosen, kind) : await rememberedMapping(read.header, kind)
  await saveDescription(id, read, mapping)
  const [missing] = missingFields(mapping, kind)
  if (missing) return fail(id, 'missing_column', missing.join(', '))
  await db().importRow.deleteMany({ where: { importId: id } })
  const orders = possibleOrders(await listDates(read.table.rows, mapping))
  const order = dateOrder && orders.includes(dateOrder) ? dateOrder : null
  const doubts = await judgeRows(id, read, { kind, mapping, order })
  if (complete) await (kind === 'people' ? proposeLeavers(id) : proposeRemovals(id))
  await finish(id, { kind, order, orders, complete, doubts })
}

/** Lets go of the bytes once they are read. */
async function openFile(id: string) {
  const found = await db().import.findFirst({
    where: { id, state: 'reading', file: { not: null } },
    select: { kind: true, complete: true, encoding: true, mapping: true, dateOrder: true },
  })
  const file = found && (await findBytes(id))
  if (!file) return null
  const { encoding, mapping: chosen, ...rest } = asked.parse(found)
  const known = encodings.find((each) => each === encoding)
  return { ...rest, chosen, read: await readTable(file, known) }
}

/** Without Prisma, which copies the bytes several times as base64. */
async function findBytes(id: string): Promise<Uint8Array | null> {
  const { rows } = await pool().query<{ file: Buffer | null }>('select file from import where id = $1', [id])
  const [{ file } = { file: null }] = rows
  return file && new Uint8Array(file)
}

const toMapping = (chosen: readonly string[], kind: ImportKind): Mapping =>
  chosen.map((name) => fieldsOf(kind).find((field) => field === name) ?? null)

/** As somebody mapped the same columns when they last saved such a file; otherwise by their names. */
async function rememberedMapping(header: string[], kind: ImportKind): Promise<Mapping> {
  const last = await db().import.findFirst({
    where: { kind, header: { equals: header }, state: 'saved' },
    orderBy: { savedAt: 'desc' },
    select: { mapping: true },
  })
  return last ? toMapping(last.mapping, kind) : mapColumns(header, kind)
}

async function saveDescription(
  id: string,
  read: Exclude<ReadTable, { fault: unknown }>,
  mapping: Mapping,
): Promise<void> {
  const { header, table, text } = read
  await db().import.update({
    where: { id },
    data: {
      header,
      mapping: mapping.map((field) => field ?? ''),
      encoding: text?.encoding ?? null,
      encodingIsSure: text?.isSure ?? true,
      example: text?.example ?? null,
      otherSheets: table.otherSheets,
      rows: table.rows.length + table.broken.length,
      progress: 0,
      fault: null,
      faultDetail: null,
    },
    select: { id: true },
  })
}

async function fail(id: string, fault: string, detail?: string): Promise<void> {
  const data = { state: 'preview', fault, faultDetail: detail ?? null, counts: {} } as const
  await db().$transaction([
    db().importRow.deleteMany({ where: { importId: id } }),
    db().import.updateMany({ where: { id, state: 'reading' }, data }),
  ])
}

async function listDates(rows: TableRows, mapping: Mapping): Promise<Set<string>> {
  const columns = mapping.flatMap((field, index) => (field === 'start' || field === 'end' ? [index] : []))
  const dates = new Set<string>()
  for (const batch of columns.length > 0 ? rows.batches() : []) {
    for (const { cells } of batch) for (const index of columns) dates.add((cells[index] ?? '').trim())
    await nextTurn()
  }
  return dates
}

type Context = { kind: ImportKind; mapping: Mapping; order: DateOrder | null }

/** Keeps every row with its verdict. Returns what makes the file look like a mistake. */
async function judgeRows(
  id: string,
  { table }: Exclude<ReadTable, { fault: unknown }>,
  { kind, mapping, order }: Context,
): Promise<Doubt[]> {
  const context = { order, isOurs: makeIsOurs() }
  const { judge, doubts } = {
    people: () => makePeopleJudge(mapping, context),
    affiliations: () => makeAffiliationJudge(mapping, context),
    works: () => makeWorkJudge(mapping),
  }[kind]()
  let [refused, progress] = [0, 0]
  for (const batch of table.rows.batches()) {
    progress += batch.length
    const rows = await judge(db(), batch)
    await insertRows(id, rows)
    await db().import.update({ where: { id }, data: { progress }, select: { id: true } })
    refused += rows.filter(({ verdict }) => verdict === 'refused').length
  }
  const broken = table.broken.map((line) => refusedRow(line, {}, [{ field: null, code: 'broken_line', quoted: '' }]))
  if (broken.length > 0) await insertRows(id, broken)
  const isShifted = table.rows.length >= 20 && refused > shiftedShare * table.rows.length
  return [...doubts(), ...(isShifted ? (['columns_shifted'] as const) : [])]
}

/** Whether a name or a ROR id is the institution’s. Capitals and the form of the id do not count. */
function makeIsOurs(): (organisation: string) => boolean {
  const { name, ror } = env().institution
  const fold = (text: string) => text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim()
  const toKey = (text: string) => fold(text).replace(/^(https?:\/\/)?ror\.org\//, '')
  const ours = new Set([toKey(name), ...(ror ? [toKey(ror)] : [])])
  return (text) => ours.has(toKey(text))
}

/** So many refused rows look like columns that have moved. */
const shiftedShare = 0.2

/** Without Prisma, which copies the text of the rows several times. */
async function insertRows(importId: string, rows: readonly JudgedRow[]): Promise<void> {
  await pool().query(
    `insert into import_row (import_id, line, fields, verdict, faults, name, person_id, near_id, item_id, before, after)
    select $1, line, fields, verdict::import_verdict, faults, name, "personId", "nearId", "itemId", before, after
    from jsonb_to_recordset($2::jsonb) as given (line int, fields jsonb, verdict text, faults jsonb, name text,
      "personId" uuid, "nearId" uuid, "itemId" uuid, before jsonb, after jsonb)`,
    [importId, JSON.stringify(rows)],
  )
}

/**
 * Our entries that an earlier file brought and this one does not have. Their rows come after all lines of the file. Those of
 * confidential people are in no download, so that a file may lack them.
 */
async function proposeRemovals(importId: string): Promise<void> {
  await inTransaction(async (tx) => {
    await tx.$executeRaw`
      insert into import_row (import_id, line, fields, verdict, name, person_id, item_id, before, after)
      select ${importId}::uuid, (select coalesce(max(line), 0) from import_row where import_id = ${importId}::uuid)
          + row_number() over (order by p.name, a.id), jsonb_build_object('id', a.id), 'removed',
        p.name, a.person_id, a.id,
        jsonb_build_object('kind', a.kind, 'title', a.title, 'department', a.department, 'startOn', a.start_on, 'endOn', a.end_on), '{}'
      from affiliation a join person p on p.id = a.person_id
      where a.origin = 'imported' and a.kind <> 'work' and not p.confidential and a.removal is null and a.state <> 'deleted_by_person' and not exists (
        select from import_row r where r.import_id = ${importId}::uuid and r.item_id = a.id)`
  })
}

/**
 * People whom a roster brought and this one does not have. Their rows come after all lines of the file, without what they
 * say of the confidential.
 */
async function proposeLeavers(importId: string): Promise<void> {
  await inTransaction(async (tx) => {
    await tx.$executeRaw`
      insert into import_row (import_id, line, fields, verdict, name, person_id, before, after)
      select ${importId}::uuid, (select coalesce(max(line), 0) from import_row where import_id = ${importId}::uuid)
          + row_number() over (order by name, id),
        case when confidential then '{}' else jsonb_strip_nulls(jsonb_build_object('local_id', local_id, 'department', department)) end,
        'leaving', case when confidential then null else name end, id, '{}', '{}'
      from person where origin = 'imported' and state = 'active' and missing_since is null and merged_into_id is null and not exists (
        select from import_row r where r.import_id = ${importId}::uuid and r.verdict <> 'refused' and person.id in (r.person_id, r.near_id))`
  })
}

const count = z.object({ verdict: z.string(), count: z.number() })

type Finish = {
  kind: ImportKind
  order: DateOrder | null
  orders: DateOrder[]
  complete: boolean
  doubts: Doubt[]
}

async function finish(id: string, { kind, order, orders, complete, doubts }: Finish): Promise<void> {
  const counts = await queryRows(
    db(),
    count,
    Prisma.sql`select verdict::text, count(*)::int as count from import_row where import_id = ${id}::uuid group by 1`,
  )
  const byVerdict = Object.fromEntries(counts.map((each) => [each.verdict, each.count]))
  const findDoubts = kind === 'people' ? doubtPeople : doubtAffiliations
  await db().import.updateMany({
    where: { id, state: 'reading' },
    data: {
      state: 'preview',
      counts: byVerdict,
      dateOrder: order,
      dateOrders: orders,
      doubts: complete ? [...(await findDoubts(id, byVerdict)), ...doubts] : [],
    },
  })
}

const leavingShare = 0.05
const changedShare = 0.05
const newShare = 0.2

/** What makes a complete roster look like a mistake. A first roster is no exception. */
async function doubtPeople(id: string, counts: Record<string, number>): Promise<Doubt[]> {
  const [{ active, moved } = { active: 0, moved: 0 }] = await queryRows(
    db(),
    z.object({ active: z.number(), moved: z.number() }),
    Prisma.sql`
      select (select count(*)::int from person where origin = 'imported' and state = 'active' and merged_into_id is null) as active,
        (select count(*)::int from import_row where import_id = ${id}::uuid and verdict = 'changed'
          and after ?| array['givenName', 'familyName', 'email', 'department']) as moved`,
  )
  const doubts: Doubt[] = []
  if ((counts.leaving ?? 0) > leavingShare * active) doubts.push('many_leave')
  if (moved > changedShare * active) doubts.push('many_change')
  if ((counts.added ?? 0) > newShare * active) doubts.push('many_new')
  return doubts
}

const removedShare = 0.05

async function doubtAffiliations(_id: string, counts: Record<string, number>): Promise<Doubt[]> {
  const standing = await db().affiliation.count({
    where: { kind: { not: 'work' }, removal: null, state: { not: 'deleted_by_person' } },
  })
  return (counts.removed ?? 0) > removedShare * standing ? ['many_removed'] : []
}

/** The encoding as somebody chose it. */
export const isEncoding = (text: string): text is Encoding => encodings.some((each) => each === text)
