import type { Lines } from '@/lib/bulk'
import { Prisma } from '@/lib/db'

export const exportFormats = ['csv', 'json', 'jsonl', 'ldif'] as const
export type ExportFormat = (typeof exportFormats)[number]

export type TableFormat = Exclude<ExportFormat, 'ldif'>
export type CsvOptions = { separator: ',' | ';'; bom: boolean }

/**
 * A file: what PostgreSQL writes for each row, and what is around these lines. The end is told how many rows were left
 * out, by the reason.
 */
export type Layout = Lines & { head: string; tail(leftOut: ReadonlyMap<string, number>): string }

/**
 * A column of a file. `sql` is an expression of a type that its kind says: `word` (a text or an enum, of ours), `text`
 * (free text), `time` (timestamptz), `list` (text[] of words) or `flag` (boolean). It is part of a query as it stands.
 */
export type Column = { name: string; kind: CellKind; sql: string }
export type CellKind = 'word' | 'text' | 'time' | 'list' | 'flag'

const everybody = Prisma.sql`null::text`

/** Rows as a table with these columns. */
export function makeTable(
  format: TableFormat,
  columns: readonly Column[],
  options: CsvOptions = { separator: ',', bom: true },
): Layout {
  if (format === 'csv') return makeCsv(columns, options)
  const members = columns.flatMap((column, i) => {
    const key = `${i === 0 ? '{' : ','}${JSON.stringify(column.name)}:`
    return [literal(key), jsonValues[column.kind](column.sql)]
  })
  const object = members.join(', ')
  if (format === 'jsonl')
    return { head: '', line: concat(`${object}, E'}\\n'`), reason: everybody, between: '', tail: () => '' }
  const line = concat(`E'\\n', ${object}, '}'`)
  return { head: '[', line, reason: everybody, between: ',', tail: () => '\n]\n' }
}

// What is absent is nothing to `concat`.
const concat = (parts: string) => Prisma.raw(`concat(${parts})`)
const literal = (text: string) => `'${text.replaceAll("'", "''")}'`

const isoTime = 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'
const timeAs = (format: string) => (sql: string) => `to_char(${sql} at time zone 'UTC', '${format}')`
const orNull = (sql: string) => `coalesce(${sql}, 'null')`
const flag = (sql: string) => `case when ${sql} then 'true' else 'false' end`

const jsonValues: Record<CellKind, (sql: string) => string> = {
  word: (sql) => orNull(`'"' || ${sql} || '"'`),
  text: (sql) => orNull(`to_json(${sql})::text`),
  time: (sql) => orNull(timeAs(String.raw`\"${isoTime}\"`)(sql)),
  list: (sql) => orNull(`to_json(${sql})::text`),
  flag,
}

// What makes a spreadsheet take a cell for a formula (https://owasp.org/www-community/attacks/CSV_Injection), behind
// any number of apostrophes.
const formula = String.raw`^''*[=+\-@\t\r\n＝＋－＠]`

/**
 * A free text as a cell of RFC 4180 that no spreadsheet calculates. One more apostrophe goes before a formula, and before
 * a text of apostrophes and then a formula, so that a reader can tell them apart; names like ’t Hooft stay as they are.
 * One look tells that most texts are neither quoted nor defused.
 */
function toCell(sql: string, separator: string): string {
  const defused = `case when ${sql} ~ '${formula}' then '''' || ${sql} else ${sql} end`
  const stands = String.raw`[${separator}"\r\n]|${formula}`
  return `case when ${sql} ~ '${stands}' then '"' || replace(${defused}, '"', '""') || '"' else ${sql} end`
}

/** In UTF-8. Without a byte order mark Excel takes it for Latin-1; where the comma is the decimal sign it expects semicolons. */
function makeCsv(columns: readonly Column[], { separator, bom }: CsvOptions): Layout {
  const cells: Record<CellKind, (sql: string) => string> = {
    word: (sql) => sql,
    text: (sql) => toCell(sql, separator),
    time: timeAs(isoTime),
    list: (sql) => toCell(`array_to_string(${sql}, ' ')`, separator),
    flag,
  }
  const record = columns.map(({ kind, sql }) => cells[kind](sql)).join(`, '${separator}', `)
  const header = columns.map(({ name }) => name).join(separator)
  return {
    head: `${bom ? '\uFEFF' : ''}${header}\r\n`,
    line: concat(`${record}, E'\\r\\n'`),
    reason: everybody,
    between: '',
    tail: () => '',
  }
}
