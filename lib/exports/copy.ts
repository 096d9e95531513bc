import pg from 'pg'
import type { Prisma } from '@/lib/db'
import type { Column } from '@/lib/exports/column'
import type { FileWords } from '@/lib/exports/words'

const { escapeLiteral } = pg

/** A view of rows, and the column of `export_part` with the ids of a part's rows. */
export type RowSource =
  | { view: 'export_row'; ids: 'researcher_ids' }
  | { view: 'people_row'; ids: 'person_ids' }
  | { view: 'affiliation_row' | 'work_row'; ids: 'affiliation_ids' }
  | { view: 'audit_row'; ids: 'event_ids' }
  /** `query`: our own SQL without parameters, which stands for a view. */
  | { query: string; ids: 'person_ids' }

export type Rows = { source: RowSource; columns: readonly Column[]; words: FileWords }

/**
 * `COPY` for a part as CSV. `COPY` takes no parameters, so it contains only our own names and words and the part's id.
 * Texts are always quoted, so that either separator is safe.
 */
export function copyCsv(rows: Rows, separator: ',' | ';', part: bigint): string {
  const cells = rows.columns.map((column) => `${toCell(column)} as ${column.name}`)
  const quoted = rows.columns.filter(({ kind }) => kind === 'text' || kind === 'word' || kind === 'list')
  const options = [`delimiter '${separator}'`]
  if (quoted.length > 0) options.push(`force_quote (${quoted.map(({ name }) => name).join(', ')})`)
  return `copy (select ${cells.join(', ')} from (${select(rows, part, true)}) as found) to stdout (format csv, ${options.join(', ')})`
}

/** `COPY` for a part as JSON Lines. `row_to_json` escapes control characters, so neither delimiter occurs in a row. */
export function copyJson(rows: Rows, part: bigint): string {
  return `copy (select row_to_json(found) from (${select(rows, part, false)}) as found)
    to stdout (format csv, quote E'\\x01', delimiter E'\\x02')`
}

function toCell({ name, kind }: Column): string {
  if (kind === 'text' || kind === 'list') return `formula_safe(${name})`
  return kind === 'flag' ? `${name}::text` : name
}

/** Ordered by id. The ORDER BY also keeps PostgreSQL from inlining the query and computing values twice. */
function select({ source, columns, words }: Rows, part: bigint, asText: boolean): string {
  const { ids } = source
  const from = 'view' in source ? source.view : `(${source.query}) as rows`
  const values = columns.map(({ name, kind }) => {
    if (kind === 'word') return `${toWord(`${name}_code`, words[name] ?? {})} as ${name}`
    return kind === 'list' && asText ? `array_to_string(${name}, ' ') as ${name}` : name
  })
  return `select ${values.join(', ')} from ${from}
    where id = any ((select ${ids} from export_part where id = ${part})::${ids === 'event_ids' ? 'bigint' : 'uuid'}[]) order by id`
}

/** SQL with its values in place of parameters. They are texts, numbers, or lists of texts. */
export const toLiterals = ({ strings, values }: Prisma.Sql): string =>
  strings.reduce((sql, text, index) => `${sql}${toLiteral(values[index - 1])}${text}`)

function toLiteral(value: unknown): string {
  if (Array.isArray(value)) return `array[${value.map((each) => escapeLiteral(String(each))).join(', ')}]`
  return typeof value === 'number' ? String(value) : escapeLiteral(String(value))
}

function toWord(code: string, words: Record<string, string>): string {
  const cases = Object.entries(words).map(([each, word]) => `when ${escapeLiteral(each)} then ${escapeLiteral(word)}`)
  return `case ${code}::text ${cases.join(' ')} else ${code}::text end`
}
