import 'server-only'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { z } from 'zod'
import { env } from '@/lib/config/env'
import { db, inTransaction, Prisma, pool, queryRows } from '@/lib/db'
import type { Mapping } from '@/lib/imports/columns'
import { fieldsOf, mapColumns, missingFields } from '@/lib/imports/columns'
import { type DateOrder, possibleOrders } from '@/lib/imports/dates'
import { type Encoding, encodings } from '@/lib/imports/encoding'
import { findKnownPeople, indexPeople, type JudgedPerson, judgePerson } from '@/lib/imports/judging-people'
import { type PersonRow, quote, type RowFault, readPersonRow } from '@/lib/imports/people-row'
import { type ReadTable, readTable } from '@/lib/imports/read'
import type { TableRow, TableRows } from '@/lib/imports/table'
import { listObjected } from '@/lib/people/objections'

type Row = {
  line: number
  fields: Record<string, string>
  verdict: 'added' | 'changed' | 'unchanged' | 'perhaps' | 'leaving' | 'refused'
  faults: RowFault[] | null
  name: string | null
  personId: string | null
  nearId: string | null
  before: object | null
  after: object | null
}

const asked = z.object({
  kind: z.enum(['people', 'affiliations']),
  file: z.instanceof(Uint8Array),
  complete: z.boolean(),
  encoding: z.string().nullable(),
  mapping: z.array(z.string()),
  dateOrder: z.enum(['day-first', 'month-first']).nullable(),
})

/** Reads an import's file and compares each row with what is here. Repeatable: what was found before is replaced. */
export async function readImport(id: string): Promise<void> {
  const found = await db().import.findFirst({
    where: { id, state: 'reading', file: { not: null } },
    select: { kind: true, file: true, complete: true, encoding: true, mapping: true, dateOrder: true },
  })
  if (!found) return
  const { kind, file, complete, encoding, mapping: chosen, dateOrder } = asked.parse(found)
  const read = await readTable(
    file,
    encodings.find((each) => each === encoding),
  )
  if ('fault' in read) return fail(id, read.fault, read.detail)
  const mapping: Mapping = chosen.length > 0 ? toMapping(chosen, kind) : await rememberedMapping(read.header, kind)
  await saveDescription(id, read, mapping)
  const [missing] = missingFields(mapping, kind)
  if (missing) return fail(id, 'missing_column', missing.join(', '))
  await db().importRow.deleteMany({ where: { importId: id } })
  const orders = possibleOrders(await listDates(read.table.rows, mapping))
  const order = dateOrder && orders.includes(dateOrder) ? dateOrder : null
  const doubts = await judgeRows(id, read, { mapping, order })
  if (complete) await proposeLeavers(id)
  await finish(id, { order, orders, complete, doubts })
}

const toMapping = (chosen: readonly string[], kind: 'people' | 'affiliations'): Mapping =>
  chosen.map((name) => fieldsOf(kind).find((field) => field === name) ?? null)

/** As somebody mapped the same columns when they last saved such a file; otherwise by their names. */
async function rememberedMapping(header: string[], kind: 'people' | 'affiliations'): Promise<Mapping> {
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

type Context = { mapping: Mapping; order: DateOrder | null }

async function judgeRows(
  id: string,
  { table }: Exclude<ReadTable, { fault: unknown }>,
  { mapping, order }: Context,
): Promise<{ movesEmail: boolean; isShifted: boolean }> {
  const { name, ror } = env().institution
  const ours = [name, ror ?? ''].filter(Boolean).map((text) => text.toLowerCase())
  const context = { order, isOurs: (text: string) => ours.some((each) => text.toLowerCase().includes(each)) }
  const seen = new Map<string, number>()
  let [movesEmail, refused, progress] = [false, 0, 0]
  for (const batch of table.rows.batches()) {
    progress += batch.length
    const read = batch.map((row) => readRow(row, mapping, context, seen))
    const good = read.flatMap((row) => ('person' in row ? [row.person] : []))
    const people = indexPeople(await findKnownPeople(db(), good))
    const objected = await listObjected(
      db(),
      good.flatMap(({ localId }) => localId ?? []),
    )
    const rows = read.map((row): Row => {
      if ('refused' in row) return row.refused
      const { localId } = row.person
      if (localId && objected.has(localId)) {
        return refusedRow(row.line, row.fields, [{ field: 'local_id', code: 'objected', quoted: quote(localId) }])
      }
      const found = judgePerson(row.person, people)
      movesEmail ||= found.movesEmail
      return toRow(row, found)
    })
    await insertRows(id, rows)
    await db().import.update({ where: { id }, data: { progress }, select: { id: true } })
    refused += rows.filter(({ verdict }) => verdict === 'refused').length
  }
  const broken = table.broken.map(
    (line): Row => refusedRow(line, {}, [{ field: null, code: 'broken_line', quoted: '' }]),
  )
  if (broken.length > 0) await insertRows(id, broken)
  return { movesEmail, isShifted: table.rows.length >= 20 && refused > shiftedShare * table.rows.length }
}

/** So many refused rows look like columns that have moved. */
const shiftedShare = 0.2

type ReadRow = { line: number; fields: Record<string, string>; person: PersonRow } | { refused: Row }

function readRow(
  row: TableRow,
  mapping: Mapping,
  context: Parameters<typeof readPersonRow>[2],
  seen: Map<string, number>,
): ReadRow {
  const { line, cells, fault } = row
  const fields = Object.fromEntries(
    mapping.flatMap((field, index) =>
      field && cells[index]?.trim() ? [[field, (cells[index] ?? '').slice(0, 4_100)]] : [],
    ),
  )
  if (fault) return { refused: refusedRow(line, fields, [{ field: null, code: fault, quoted: '' }]) }
  const read = readPersonRow(cells, mapping, context)
  if ('faults' in read) return { refused: refusedRow(line, fields, read.faults) }
  const { localId, orcid, email } = read.person
  const key = localId ?? orcid ?? email?.toLowerCase() ?? ''
  if (seen.has(key)) {
    const field = localId ? 'local_id' : orcid ? 'orcid' : 'email'
    return { refused: refusedRow(line, fields, [{ field, code: 'repeated', quoted: quote(key) }]) }
  }
  seen.set(key, line)
  return { line, fields, person: read.person }
}

const refusedRow = (line: number, fields: Record<string, string>, faults: RowFault[]): Row => ({
  line,
  fields,
  verdict: 'refused',
  faults,
  name: fields.name ?? ([fields.given_name, fields.family_name].filter(Boolean).join(' ') || null),
  personId: null,
  nearId: null,
  before: null,
  after: null,
})

function toRow({ line, fields }: { line: number; fields: Record<string, string> }, judged: JudgedPerson): Row {
  const { verdict, personId, nearId, name, before, after, pairsWith } = judged
  const pair = pairsWith ? { ...after, pairsWith } : after
  return { line, fields, verdict, faults: null, name, personId, nearId, before, after: pair }
}

/** Without Prisma, which copies the text of the rows several times. */
async function insertRows(importId: string, rows: readonly Row[]): Promise<void> {
  await pool().query(
    `insert into import_row (import_id, line, fields, verdict, faults, name, person_id, near_id, before, after)
    select $1, line, fields, verdict::import_verdict, faults, name, "personId", "nearId", before, after
    from jsonb_to_recordset($2::jsonb) as given (line int, fields jsonb, verdict text, faults jsonb, name text,
      "personId" uuid, "nearId" uuid, before jsonb, after jsonb)`,
    [importId, JSON.stringify(rows)],
  )
}

/** People whom a roster brought and this one does not have. Their rows come after all lines of the file. */
async function proposeLeavers(importId: string): Promise<void> {
  await inTransaction(async (tx) => {
    await tx.$executeRaw`
      insert into import_row (import_id, line, fields, verdict, name, person_id, before, after)
      select ${importId}::uuid, (select coalesce(max(line), 0) from import_row where import_id = ${importId}::uuid)
          + row_number() over (order by name, id), jsonb_strip_nulls(jsonb_build_object('local_id', local_id, 'department', department)),
        'leaving', name, id, '{}', '{}'
      from person where origin = 'imported' and state = 'active' and missing_since is null and merged_into_id is null and not exists (
        select from import_row r where r.import_id = ${importId}::uuid and r.verdict <> 'refused' and person.id in (r.person_id, r.near_id))`
  })
}

const count = z.object({ verdict: z.string(), count: z.number() })

async function finish(
  id: string,
  {
    order,
    orders,
    complete,
    doubts,
  }: {
    order: DateOrder | null
    orders: DateOrder[]
    complete: boolean
    doubts: { movesEmail: boolean; isShifted: boolean }
  },
): Promise<void> {
  const counts = await queryRows(
    db(),
    count,
    Prisma.sql`select verdict::text, count(*)::int as count from import_row where import_id = ${id}::uuid group by 1`,
  )
  const byVerdict = Object.fromEntries(counts.map((each) => [each.verdict, each.count]))
  await db().import.updateMany({
    where: { id, state: 'reading' },
    data: {
      state: 'preview',
      counts: byVerdict,
      dateOrder: order,
      dateOrders: orders,
      doubts: complete ? await findDoubts(id, byVerdict, doubts) : [],
    },
  })
}

const leavingShare = 0.05
const changedShare = 0.05
const newShare = 0.2

/** What makes a complete roster look like a mistake. A first roster is no exception. */
async function findDoubts(
  id: string,
  counts: Record<string, number>,
  { movesEmail, isShifted }: { movesEmail: boolean; isShifted: boolean },
): Promise<string[]> {
  const [{ active, moved } = { active: 0, moved: 0 }] = await queryRows(
    db(),
    z.object({ active: z.number(), moved: z.number() }),
    Prisma.sql`
      select (select count(*)::int from person where origin = 'imported' and state = 'active' and merged_into_id is null) as active,
        (select count(*)::int from import_row where import_id = ${id}::uuid and verdict = 'changed'
          and after ?| array['givenName', 'familyName', 'email', 'department']) as moved`,
  )
  const doubts: string[] = []
  if ((counts.leaving ?? 0) > leavingShare * active) doubts.push('many_leave')
  if (moved > changedShare * active) doubts.push('many_change')
  if ((counts.added ?? 0) > newShare * active) doubts.push('many_new')
  if (movesEmail) doubts.push('email_moves')
  if (isShifted) doubts.push('columns_shifted')
  return doubts
}

/** The encoding as somebody chose it. */
export const isEncoding = (text: string): text is Encoding => encodings.some((each) => each === text)
