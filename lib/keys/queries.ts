import 'server-only'
import { env } from '@/lib/config/env'
import { type AdditionalData, keyIdOf, SealError } from '@/lib/crypto/sealed'
import { db, Prisma } from '@/lib/db'
import { keyRing } from '@/lib/installation/commands'
import { type SealedRow, type SealedTable, sealedTables, type Unopened } from '@/lib/keys/sealed-table'

const rowsAtOnce = 1_000
const countedAtOnce = 20_000

export type KeyCount = { keyId: string; table: string; column: string; rows: number }

/**
 * How many ciphertexts of each column are sealed under which key, read from their clear part, and without any key. A
 * page of rows at a time, so that no statement is long however many there are.
 */
export async function countByKey(): Promise<KeyCount[]> {
  const counts = new Map<string, KeyCount>()
  for (const table of sealedTables) {
    for await (const page of walkIds(table)) {
      for (const column of table.columns) await countPage(table, column, page, counts)
    }
  }
  return [...counts.values()]
}

type Page = { first: string; last: string }

async function* walkIds(table: SealedTable): AsyncGenerator<Page> {
  let after: string | null = null
  for (;;) {
    const ids: Page[] = await db().$queryRaw`
      select (array_agg(id::text order by id))[1] as first, (array_agg(id::text order by id desc))[1] as last
      from (select id from ${tableOf(table)} ${beyond(table, after)} order by id limit ${countedAtOnce}) page
      having count(*) > 0`
    const page: Page | undefined = ids[0]
    if (!page) return
    yield page
    after = page.last
  }
}

async function countPage(table: SealedTable, column: string, page: Page, counts: Map<string, KeyCount>): Promise<void> {
  const name = Prisma.raw(column)
  const found = await db().$queryRaw<{ head: string; rows: bigint }[]>`
    select split_part(${name}, '.', 1) || '.' || split_part(${name}, '.', 2) || '.' as head, count(*) as rows
    from ${tableOf(table)}
    where id between ${page.first}${cast(table)} and ${page.last}${cast(table)} and ${name} is not null
    group by 1`
  for (const { head, rows } of found) {
    const keyId = keyIdOf(head)
    const aad = `${keyId} ${table.name} ${column}`
    const before = counts.get(aad)?.rows ?? 0
    counts.set(aad, { keyId, table: table.name, column, rows: before + Number(rows) })
  }
}

/**
 * The rows of a table that hold a ciphertext, in the order of their ids, up to a thousand at a time.
 *
 * @param which only rows with a ciphertext that is, or that is not, sealed under the key with this id
 */
export async function* walkSealed(
  table: SealedTable,
  which: { under?: string; notUnder?: string } = {},
): AsyncGenerator<SealedRow[]> {
  const columns = Prisma.join(table.columns.map((column) => Prisma.raw(column)))
  const movedFromId = Prisma.raw(table.movedFrom ? `${table.movedFrom.idColumn}::text` : 'null')
  const { under, notUnder } = which
  const test = (column: Prisma.Sql) => {
    if (under !== undefined) return Prisma.sql`${column} like ${`c1.${under}.%`}`
    if (notUnder !== undefined) return Prisma.sql`${column} not like ${`c1.${notUnder}.%`}`
    return Prisma.sql`${column} is not null`
  }
  const wanted = Prisma.join(
    table.columns.map((column) => test(Prisma.raw(column))),
    ' or ',
  )
  let after: string | null = null
  for (;;) {
    const rows: Record<string, string | null>[] = await db().$queryRaw`
      select id::text as id, ${movedFromId} as "movedFromId", ${columns} from ${tableOf(table)} ${beyond(table, after)} and (${wanted})
      order by id limit ${rowsAtOnce}`
    const last = rows.at(-1)?.id
    if (!last) return
    yield rows.flatMap(({ id, movedFromId = null, ...sealed }) => (id ? [{ id, movedFromId, sealed }] : []))
    if (rows.length < rowsAtOnce) return
    after = last
  }
}

export type Verification = { opened: number; unopened: Unopened[] }

/** Opens everything that is sealed, and gives what does not open. `onProgress` hears of the number opened so far. */
export async function verifySealed(onProgress: (opened: number) => void = () => undefined): Promise<Verification> {
  const found: Verification = { opened: 0, unopened: [] }
  for (const table of sealedTables) {
    for await (const rows of walkSealed(table)) {
      for (const row of rows) verifyRow(table, row, found)
      onProgress(found.opened)
    }
  }
  return found
}

function verifyRow(table: SealedTable, row: SealedRow, found: Verification): void {
  for (const column of table.columns) {
    const sealed = row.sealed[column]
    if (!sealed) continue
    const opened = openAt(table, row, column, sealed)
    if (typeof opened === 'string') found.opened++
    else found.unopened.push(opened)
  }
}

/** What a ciphertext holds, or why it does not open at its aad. */
export function openAt(table: SealedTable, row: SealedRow, column: string, sealed: string): string | Unopened {
  try {
    return keyRing().open(sealed, aadOf(table, row, column))
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    return { table: table.name, row: row.id, column, reason: error.message }
  }
}

/** As the domains that write these columns have it. */
export function aadOf({ name, movedFrom }: SealedTable, row: SealedRow, column: string): AdditionalData {
  const { registry } = env().orcid
  return movedFrom && row.movedFromId
    ? { table: movedFrom.table, row: row.movedFromId, column: movedFrom.column, registry }
    : { table: name, row: row.id, column, registry }
}

/** A table's name in quotes: `grant` is a word of SQL. */
export const tableOf = (table: SealedTable) => Prisma.raw(`"${table.name}"`)

const cast = (table: SealedTable) => Prisma.raw(`::${table.idType}`)

const beyond = (table: SealedTable, after: string | null) =>
  after === null ? Prisma.sql`where true` : Prisma.sql`where id > ${after}${cast(table)}`
