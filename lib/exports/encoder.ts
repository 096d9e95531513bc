import { type CellKind, defuseCell, remember, toIsoTime } from '@/lib/exports/cell'

export const exportFormats = ['csv', 'json', 'jsonl', 'ldif'] as const
export type ExportFormat = (typeof exportFormats)[number]

export type TableFormat = Exclude<ExportFormat, 'ldif'>
export type CsvOptions = { separator: ',' | ';'; bom: boolean }

/** The parts of a file: what comes before the rows, a batch of rows, what comes after them. */
export type Encoder<Row> = {
  head: string
  /** Whether the row has a place in the file; asked once for each, in order. */
  takes(row: Row): boolean
  rows(rows: readonly Row[], first: boolean): string
  tail(): string
}

export type Column<Row> = { name: string; kind: CellKind; read(row: Row): string | null }

/** Writes rows as a table with these columns. */
export function makeEncoder<Row>(
  format: TableFormat,
  columns: readonly Column<Row>[],
  options: CsvOptions = { separator: ',', bom: true },
): Encoder<Row> {
  if (format === 'csv') return makeCsv(columns, options)
  const toJson = makeJson(columns)
  const lines = (rows: readonly Row[]) => rows.map((row) => `${toJson(row)}\n`).join('')
  if (format === 'jsonl') return { head: '', takes: () => true, rows: lines, tail: () => '' }
  return {
    head: '[',
    takes: () => true,
    rows: (rows, first) => rows.map((row, i) => `${first && i === 0 ? '' : ','}\n${toJson(row)}`).join(''),
    tail: () => '\n]\n',
  }
}

/**
 * RFC 4180 in UTF-8. Without a byte order mark Excel takes the file for Latin-1; where the comma is the decimal sign it
 * expects semicolons.
 */
function makeCsv<Row>(columns: readonly Column<Row>[], { separator, bom }: CsvOptions): Encoder<Row> {
  // Most texts are neither quoted nor defused, and one look at them says so.
  const stays = separator === ',' ? /^(?!'*[=+\-@\t＝＋－＠])[^",\r\n]*$/ : /^(?!'*[=+\-@\t＝＋－＠])[^";\r\n]*$/
  const toQuote = separator === ',' ? /[",\r\n]/ : /[";\r\n]/
  const quote = (text: string) => (toQuote.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  const write: Record<CellKind, (text: string) => string> = {
    word: (text) => text,
    flag: (text) => text,
    time: toIsoTime,
    list: remember((text) => quote(defuseCell(text))),
    text: (text) => (stays.test(text) ? text : quote(defuseCell(text))),
  }
  const cells = columns.map(({ kind, read }, i): ((row: Row) => string) => {
    const before = i === 0 ? '' : separator
    const toCell = write[kind]
    return (row) => {
      const text = read(row)
      return text === null ? before : before + toCell(text)
    }
  })
  const line = (row: Row) => {
    let text = ''
    for (const cell of cells) text += cell(row)
    return `${text}\r\n`
  }
  return {
    head: `${bom ? '\uFEFF' : ''}${columns.map(({ name }) => name).join(separator)}\r\n`,
    takes: () => true,
    rows: (rows) => rows.map(line).join(''),
    tail: () => '',
  }
}

// No quote, backslash, control character or half of a pair, so that nothing has to be escaped.
const standsInJson = /^[^"\\\p{Cc}\p{Cs}]*$/u

/** A row as an object on one line. */
function makeJson<Row>(columns: readonly Column<Row>[]): (row: Row) => string {
  const values: Record<CellKind, (text: string) => string> = {
    word: (text) => `"${text}"`,
    flag: (text) => text,
    time: (text) => `"${toIsoTime(text)}"`,
    list: remember((text) => JSON.stringify(text.split(' ').filter(Boolean))),
    text: (text) => (standsInJson.test(text) ? `"${text}"` : JSON.stringify(text)),
  }
  const members = columns.map(({ name, kind, read }, i): ((row: Row) => string) => {
    const key = `${i === 0 ? '{' : ','}${JSON.stringify(name)}:`
    const write = values[kind]
    return (row) => {
      const text = read(row)
      return key + (text === null ? 'null' : write(text))
    }
  })
  return (row) => {
    let text = ''
    for (const member of members) text += member(row)
    return `${text}}`
  }
}
