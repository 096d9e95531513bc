import { setImmediate as nextTurn } from 'node:timers/promises'
import { CsvError, parse } from 'csv-parse'
import { parse as parseSync } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import { importRowsMax } from '@/lib/affiliations/affiliation'
import { type EntryField, entryFields, type RawEntry } from '@/lib/affiliations/entry'

export type FileFaultCode =
  | 'empty'
  | 'not_text'
  | 'spreadsheet'
  | 'broken_quotes'
  | 'duplicate_column'
  | 'missing_column'
  | 'too_many_rows'
  | 'row_too_long'

/** A fault of the whole file; `detail` names the column or the line. */
export type FileFault = { code: FileFaultCode; detail: string }

/** `rows` is empty if the file has a fault. `wide`: numbers of lines with more cells than the header. */
export type ReadFile = { rows: RawEntry[]; faults: FileFault[]; ignored: string[]; wide: number[] }

const required: readonly EntryField[] = ['orcid', 'type', 'title']

const aliases: Record<string, EntryField> = {
  orcid_id: 'orcid',
  kind: 'type',
  role: 'title',
  role_title: 'title',
  department_name: 'department',
  start_date: 'start',
  end_date: 'end',
  link: 'url',
}

const failed = (code: FileFaultCode, detail = ''): ReadFile => ({
  rows: [],
  faults: [{ code, detail }],
  ignored: [],
  wide: [],
})

/**
 * Reads CSV with commas, semicolons or tabs; LF, CRLF or CR; UTF-8, UTF-16 or Windows-1252 (often called Latin-1); with
 * or without a byte order mark. Line 1 is the header.
 */
export async function readFile(given: Uint8Array): Promise<ReadFile> {
  if (given.length === 0) return failed('empty')
  if (given[0] === 0x50 && given[1] === 0x4b) return failed('spreadsheet')
  if (given[0] === 0xd0 && given[1] === 0xcf && given[2] === 0x11 && given[3] === 0xe0) return failed('spreadsheet')
  const decoded = toLineFeeds(Buffer.from(decode(given)))
  if (decoded.includes(0)) return failed('not_text')
  // Excel's separator line is not a row.
  const [separator = ''] = /^sep=.\n/i.exec(decoded.toString('utf8', 0, 16)) ?? []
  const skipped = separator === '' ? 0 : 1
  const lines = countLines(decoded)
  if (lines > linesMax) return failed('too_many_rows', String(lines))
  try {
    return await readRows(decoded.subarray(Buffer.byteLength(separator)), skipped)
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const code = error.code === 'CSV_MAX_RECORD_SIZE' ? 'row_too_long' : 'broken_quotes'
    return failed(code, String(Number(error.lines ?? 0) + skipped))
  }
}

function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

/** In place: a regular expression takes a tenth of a second for a million line ends. */
function toLineFeeds(bytes: Buffer): Buffer {
  let length = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    if (byte !== 0x0d) bytes[length++] = byte
    else if (bytes[at + 1] !== 0x0a) bytes[length++] = 0x0a
  }
  return bytes.subarray(0, length)
}

function countLines(bytes: Buffer): number {
  let lines = 0
  for (let at = 0; at < bytes.length; at++) if (bytes[at] === 0x0a) lines += 1
  return lines
}

type Line = { record: string[]; line: number }

/** Parsed without a break, these take some milliseconds, or tens of them where every byte is a line. */
const pieceBytes = 2_048
/** Empty ones too, which take as long as others. */
const linesMax = 50_000
const recordCharsMax = 50_000
const columnsMax = 200

const options = { record_delimiter: '\n', relax_column_count: true, max_record_size: recordCharsMax }

/** Calls `take` for each row that is not empty. Other requests have their turn between the pieces. */
async function parseLines(bytes: Buffer, delimiter: string, take: (line: Line) => void): Promise<void> {
  const parser = parse({ ...options, delimiter, info: true, trim: true })
  let line = 1
  const done = new Promise<void>((resolve, reject) => parser.on('end', resolve).on('error', reject))
  done.catch(() => undefined)
  parser.on('data', ({ record, info }: { record: string[]; info: { lines: number } }) => {
    if (record.some((cell) => cell !== '')) take({ record, line })
    // `info.lines` is the last line of a row, which may contain line breaks.
    line = info.lines + 1
  })
  for (let at = 0; at < bytes.length && !parser.destroyed; at += pieceBytes) {
    parser.write(bytes.subarray(at, at + pieceBytes))
    await nextTurn()
  }
  parser.end()
  await done
}

async function readRows(bytes: Buffer, skipped: number): Promise<ReadFile> {
  let header: string[] | undefined
  let rowCount = 0
  const rest: Line[] = []
  await parseLines(bytes, findDelimiter(bytes.toString('utf8', 0, recordCharsMax)), ({ record, line }) => {
    if (!header) header = record
    else if (++rowCount <= importRowsMax) rest.push({ record: record.slice(0, columnsMax + 1), line: line + skipped })
  })
  if (!header) return failed('empty')
  if (header.length > columnsMax) return failed('row_too_long', String(1 + skipped))
  const names = header.map((name) => name.trim())
  const columns = names.map(toField)
  const twice = columns.find((field, index) => field !== null && columns.indexOf(field) < index)
  const faults: FileFault[] = [
    ...(twice ? [{ code: 'duplicate_column' as const, detail: twice }] : []),
    ...required
      .filter((field) => !columns.includes(field))
      .map((detail) => ({ code: 'missing_column' as const, detail })),
    ...(rowCount > importRowsMax ? [{ code: 'too_many_rows' as const, detail: String(rowCount) }] : []),
  ]
  const ignored = names.filter((name, index) => columns[index] === null && name !== '').map((name) => name.slice(0, 80))
  if (faults.length > 0) return { rows: [], faults, ignored, wide: [] }
  if (rest.length === 0) return failed('empty')
  const rows = rest.map(({ record, line }) => ({ line, fields: toFields(columns, record) }))
  const wide = rest.filter(({ record }) => record.length > columns.length).map(({ line }) => line)
  return { rows, faults, ignored, wide }
}

function toFields(columns: (EntryField | null)[], record: string[]): RawEntry['fields'] {
  const fields: RawEntry['fields'] = {}
  // Keeps previews small; a cut cell still exceeds the limit of every field.
  for (const [index, field] of columns.entries()) if (field) fields[field] = (record[index] ?? '').slice(0, 4_100)
  return fields
}

function toField(name: string): EntryField | null {
  const key = toKey(name)
  // Our own ids of people come from forms alone.
  if (key === 'person') return null
  return entryFields.find((field) => field === key) ?? aliases[key] ?? null
}

/** Recognises the local identifier's column of our own exports. */
export const isLocalIdColumn = (name: string) => ['local_id', 'local_identifier'].includes(toKey(name))

const toKey = (name: string) =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '')

/** The delimiter that yields the most known columns at the start of a file. */
function findDelimiter(start: string): string {
  const counts = [',', ';', '\t'].map((delimiter) => ({ delimiter, known: countKnownColumns(start, delimiter) }))
  return counts.reduce((best, one) => (one.known > best.known ? one : best)).delimiter
}

function countKnownColumns(start: string, delimiter: string): number {
  try {
    const [header] = parseSync(start.trimStart(), {
      ...options,
      delimiter,
      to: 1,
      skip_empty_lines: true,
    }) as string[][]
    return (header ?? []).slice(0, columnsMax).filter((name) => toField(name) !== null).length
  } catch {
    return 0
  }
}

/** A CSV header with the byte order mark that makes spreadsheets read UTF-8. */
export function makeTemplate(): string {
  const columns = entryFields.filter((field) => field !== 'put_code' && field !== 'person')
  return `\uFEFF${stringify([columns], { record_delimiter: '\r\n' })}`
}
