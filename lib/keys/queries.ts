import 'server-only'
import { z } from 'zod'
import { env } from '@/lib/config/env'
import { type AdditionalData, keyIdOf, SealError } from '@/lib/crypto/sealed'
import { db, Prisma, queryRows } from '@/lib/db'
import { keyRing } from '@/lib/installation/commands'
import { type OpenFailure, type SealedRow, type SealedTable, sealedTables } from '@/lib/keys/sealed-table'

const batchSize = 1_000
const countBatchSize = 20_000

export type KeyCount = { keyId: string; table: string; column: string; rows: number }

/** Counts ciphertexts per column and key, from their plain prefix, in batches that keep each statement short. */
export async function countByKey(): Promise<KeyCount[]> {
  const counts = new Map<string, KeyCount>()
  for (const table of sealedTables) {
    for await (const range of listKeyRanges(table)) {
      for (const column of table.columns) await countRange(table, column, range, counts)
    }
  }
  return [...counts.values()]
}

const keyRange = z.object({ first: z.string(), last: z.string() })
type KeyRange = z.infer<typeof keyRange>

/** An id, the id of whom the row was moved from, and the sealed columns. */
const sealedRow = z.record(z.string(), z.string().nullable())

async function* listKeyRanges(table: SealedTable): AsyncGenerator<KeyRange> {
  let after: string | null = null
  for (;;) {
    const ids: KeyRange[] = await queryRows(
      db(),
      keyRange,
      Prisma.sql`
      select (array_agg(id::text order by id))[1] as first, (array_agg(id::text order by id desc))[1] as last
      from (select id from ${tableOf(table)} ${afterId(table, after)} order by id limit ${countBatchSize}) key_range
      having count(*) > 0`,
    )
    const range: KeyRange | undefined = ids[0]
    if (!range) return
    yield range
    after = range.last
  }
}

async function countRange(
  table: SealedTable,
  column: string,
  range: KeyRange,
  counts: Map<string, KeyCount>,
): Promise<void> {
  const name = Prisma.raw(column)
  const result = await queryRows(
    db(),
    z.object({ head: z.string(), rows: z.bigint() }),
    Prisma.sql`
    select split_part(${name}, '.', 1) || '.' || split_part(${name}, '.', 2) || '.' as head, count(*) as rows
    from ${tableOf(table)}
    where id between ${range.first}${cast(table)} and ${range.last}${cast(table)} and ${name} is not null
    group by 1`,
  )
  for (const { head, rows } of result) {
    const keyId = keyIdOf(head)
    const key = `${keyId} ${table.name} ${column}`
    const before = counts.get(key)?.rows ?? 0
    counts.set(key, { keyId, table: table.name, column, rows: before + Number(rows) })
  }
}

/**
 * Reads the rows with a ciphertext in batches, ordered by id.
 *
 * @param filter key id under which a ciphertext is, or is not, sealed
 */
export async function* readSealedRows(
  table: SealedTable,
  filter: { under?: string; notUnder?: string } = {},
): AsyncGenerator<SealedRow[]> {
  const columns = Prisma.join(table.columns.map((column) => Prisma.raw(column)))
  const movedFromId = Prisma.raw(table.movedFrom ? `${table.movedFrom.idColumn}::text` : 'null')
  const { under, notUnder } = filter
  const test = (column: Prisma.Sql) => {
    if (under !== undefined) return Prisma.sql`${column} like ${`c1.${under}.%`}`
    if (notUnder !== undefined) return Prisma.sql`${column} not like ${`c1.${notUnder}.%`}`
    return Prisma.sql`${column} is not null`
  }
  const matching = Prisma.join(
    table.columns.map((column) => test(Prisma.raw(column))),
    ' or ',
  )
  let after: string | null = null
  for (;;) {
    const rows: z.infer<typeof sealedRow>[] = await queryRows(
      db(),
      sealedRow,
      Prisma.sql`
      select id::text as id, ${movedFromId} as "movedFromId", ${columns} from ${tableOf(table)} ${afterId(table, after)} and (${matching})
      order by id limit ${batchSize}`,
    )
    const last = rows.at(-1)?.id
    if (!last) return
    yield rows.flatMap(({ id, movedFromId = null, ...sealed }) => (id ? [{ id, movedFromId, sealed }] : []))
    if (rows.length < batchSize) return
    after = last
  }
}

export type Verification = { opened: number; unopened: OpenFailure[] }

/** Opens all ciphertexts. `onProgress` gets the number opened so far. */
export async function verifySealed(onProgress: (opened: number) => void = () => undefined): Promise<Verification> {
  const result: Verification = { opened: 0, unopened: [] }
  for (const table of sealedTables) {
    for await (const rows of readSealedRows(table)) {
      for (const row of rows) verifyRow(table, row, result)
      onProgress(result.opened)
    }
  }
  return result
}

function verifyRow(table: SealedTable, row: SealedRow, result: Verification): void {
  for (const column of table.columns) {
    const sealed = row.sealed[column]
    if (!sealed) continue
    const opened = openAt(table, row, column, sealed)
    if (typeof opened === 'string') result.opened++
    else result.unopened.push(opened)
  }
}

/** Returns the plaintext, or the reason why the ciphertext does not open. */
export function openAt(table: SealedTable, row: SealedRow, column: string, sealed: string): string | OpenFailure {
  try {
    return keyRing().open(sealed, aadOf(table, row, column))
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    return { table: table.name, row: row.id, column, reason: error.message }
  }
}

/** The same additional data as the domains that seal these columns. */
export function aadOf({ name, movedFrom }: SealedTable, row: SealedRow, column: string): AdditionalData {
  const { registry } = env().orcid
  return movedFrom && row.movedFromId
    ? { table: movedFrom.table, row: row.movedFromId, column: movedFrom.column, registry }
    : { table: name, row: row.id, column, registry }
}

/** Quoted, because `grant` is reserved in SQL. */
export const tableOf = (table: SealedTable) => Prisma.raw(`"${table.name}"`)

const cast = (table: SealedTable) => Prisma.raw(`::${table.idType}`)

const afterId = (table: SealedTable, after: string | null) =>
  after === null ? Prisma.sql`where true` : Prisma.sql`where id > ${after}${cast(table)}`
