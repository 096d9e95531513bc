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
 * A column of a file. `sql` is an expression of a type that its kind says: `word` (a text or an enum, of ours, never null),
 * `optional` (the same or null), `text` (free text), `time` (timestamptz), `list` (text[] of words) or `flag` (boolean).
 * It is part of a query as it stands.
 */
export type Column = { name: string; kind: CellKind; sql: string }
export type CellKind = 'word' | 'optional' | 'text' | 'time' | 'list' | 'flag'

const everybody = Prisma.sql`null::text`

/** Rows as a table with these columns. */
export function makeTable(
  format: TableFormat,
  columns: readonly Column[],
  options: CsvOptions = { separator: ',', bom: true },
): Layout {
  if (format === 'csv') return makeCsv(columns, options)
  const members = columns.map(({ name, kind, sql }, i) => {
    const [before, after] = [columns[i - 1]?.kind === 'word' ? '"' : '', kind === 'word' ? '"' : '']
    return `${literal(`${before}${i === 0 ? '{' : ','}${JSON.stringify(name)}:${after}`)}, ${jsonValues[kind](sql)}`
  })
  const object = [...members, literal(columns.at(-1)?.kind === 'word' ? '"}' : '}')].join(', ')
  if (format === 'jsonl')
    return { head: '', line: concat(`${object}, E'\\n'`), reason: everybody, between: '', tail: () => '' }
  const line = concat(`E'\\n', ${object}`)
  return { head: '[', line, reason: everybody, between: ',', tail: () => '\n]\n' }
}

// What is absent is nothing to `concat`.
const concat = (parts: string) => Prisma.raw(`concat(${parts})`)
const literal = (text: string) => `'${text.replaceAll("'", "''")}'`

const flag = (sql: string) => `case when ${sql} then 'true' else 'false' end`
const json = (sql: string) => `coalesce(to_json(${sql}), 'null'::json)`

// What has quotes around it in any case has them from the texts beside it. Of all ways to write a time PostgreSQL's own
// is the quickest by far.
const jsonValues: Record<CellKind, (sql: string) => string> = {
  word: (sql) => sql,
  optional: (sql) => `coalesce('"' || ${sql} || '"', 'null')`,
  text: json,
  time: json,
  list: json,
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
    optional: (sql) => sql,
    text: (sql) => toCell(sql, separator),
    time: (sql) => `to_char(${sql}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
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
