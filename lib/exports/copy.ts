import pg from 'pg'
import type { Column } from '@/lib/exports/column'
import type { FileWords } from '@/lib/exports/words'

const { escapeLiteral } = pg

/** One of the views that say what a row is, and the column of `export_part` with the rows of a part. */
export type RowSource = { view: 'export_row'; ids: 'researcher_ids' } | { view: 'audit_row'; ids: 'event_ids' }

export type Rows = { source: RowSource; columns: readonly Column[]; words: FileWords }

/**
 * The rows of a part as CSV, by `COPY`, which takes no parameters: nothing but names and words of ours is in it, and the
 * number of the part. Texts have quotes around them, whichever separator is in them.
 */
export function copyCsv(rows: Rows, separator: ',' | ';', part: bigint): string {
  const cells = rows.columns.map((column) => `${toCell(column)} as ${column.name}`)
  const quoted = rows.columns.filter(({ kind }) => kind === 'text' || kind === 'word' || kind === 'list')
  const options = [`delimiter '${separator}'`]
  if (quoted.length > 0) options.push(`force_quote (${quoted.map(({ name }) => name).join(', ')})`)
  return `copy (select ${cells.join(', ')} from (${select(rows, part, true)}) as found) to stdout (format csv, ${options.join(', ')})`
}

/**
 * The rows of a part as JSON, an object a line. `row_to_json` escapes control characters, so that these two are in no row,
 * and what is for quotes is never needed.
 */
export function copyJson(rows: Rows, part: bigint): string {
  return `copy (select row_to_json(found) from (${select(rows, part, false)}) as found)
    to stdout (format csv, quote E'\\x01', delimiter E'\\x02')`
}

function toCell({ name, kind }: Column): string {
  if (kind === 'text' || kind === 'list') return `formula_safe(${name})`
  return kind === 'flag' ? `${name}::text` : name
}

/** In the order of ids. What is computed here is computed once: PostgreSQL does not merge an ordered query with another. */
function select({ source: { view, ids }, columns, words }: Rows, part: bigint, asText: boolean): string {
  const values = columns.map(({ name, kind }) => {
    if (kind === 'word') return `${toWord(`${name}_code`, words[name] ?? {})} as ${name}`
    return kind === 'list' && asText ? `array_to_string(${name}, ' ') as ${name}` : name
  })
  return `select ${values.join(', ')} from ${view}
    where id = any ((select ${ids} from export_part where id = ${part})::${ids === 'event_ids' ? 'bigint' : 'uuid'}[]) order by id`
}

function toWord(code: string, words: Record<string, string>): string {
  const cases = Object.entries(words).map(([each, word]) => `when ${escapeLiteral(each)} then ${escapeLiteral(word)}`)
  return `case ${code}::text ${cases.join(' ')} else ${code}::text end`
}
