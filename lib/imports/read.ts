import { readDelimited } from '@/lib/imports/delimited'
import { decideEncoding, decode, type Encoding, exampleLine } from '@/lib/imports/encoding'
import { columnsMax, type Table, type TableFault } from '@/lib/imports/table'
import { readWorkbook } from '@/lib/imports/workbook'

/** Without the header. */
export const rowsMax = 150_000
export const fileBytesMax = 20_000_000

/** How a text was read. `isSure`: no other encoding fits. */
export type ReadText = { encoding: Encoding; isSure: boolean; example: string | null }

export type ReadTable =
  | { fault: TableFault; detail?: string }
  | { header: string[]; table: Table; text: ReadText | null }

/** Reads CSV, TSV and XLSX, by what the bytes are and not by the name. `chosen`: the encoding that somebody chose. */
export async function readTable(bytes: Uint8Array, chosen?: Encoding): Promise<ReadTable> {
  if (bytes.length === 0) return { fault: 'empty' }
  const kind = kindOf(bytes)
  if (kind === 'old_workbook') return { fault: 'old_workbook' }
  if (kind === 'zip') return readZip(bytes)
  const { encoding, isSure } = chosen ? { encoding: chosen, isSure: false } : decideEncoding(bytes)
  const content = decode(bytes, encoding)
  if (content.includes('\0')) return { fault: 'not_text' }
  const text = { encoding, isSure, example: exampleLine(bytes, encoding) }
  return check(await readDelimited(content, rowsMax + 1), text)
}

async function readZip(bytes: Uint8Array): Promise<ReadTable> {
  const isWorkbook = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes('xl/')
  if (!isWorkbook) return { fault: 'archive' }
  try {
    return check(await readWorkbook(bytes, rowsMax + 1), null)
  } catch {
    // The library tells broken workbooks by errors of several kinds, whose texts are of no use to anybody.
    return { fault: 'unreadable_workbook' }
  }
}

function check(table: Table, text: ReadText | null): ReadTable {
  const first = table.rows.shift()
  const [broken] = table.broken
  if (broken !== undefined && (!first || broken < first.line)) return { fault: 'broken_header' }
  if (!first) return { fault: 'empty' }
  const header = first.cells.map((name) => name.trim())
  if (header.length > columnsMax) return { fault: 'too_many_columns', detail: String(header.length) }
  if (table.rowCount > rowsMax + 1) return { fault: 'too_many_rows', detail: String(table.rowCount - 1) }
  const names = header.map((name) => name.toLowerCase()).filter(Boolean)
  const twice = names.find((name, index) => names.indexOf(name) < index)
  if (twice) return { fault: 'duplicate_column', detail: twice }
  if (table.rows.length === 0 && table.broken.length === 0) return { fault: 'only_header' }
  return { header, table, text }
}

function kindOf([one, two, three, four]: Uint8Array): 'zip' | 'old_workbook' | 'text' {
  if (one === 0x50 && two === 0x4b) return 'zip'
  return one === 0xd0 && two === 0xcf && three === 0x11 && four === 0xe0 ? 'old_workbook' : 'text'
}
