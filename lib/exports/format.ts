import { type Column, forPrograms } from '@/lib/exports/column'
import { copyCsv, copyJson, type RowSource } from '@/lib/exports/copy'
import type { DnTemplate } from '@/lib/exports/dn'
import { ldifColumns, writeLdif } from '@/lib/exports/ldif'
import type { FileWords } from '@/lib/exports/words'
import { writeXlsx } from '@/lib/exports/xlsx'

export const exportFormats = ['csv', 'xlsx', 'json', 'jsonl', 'ldif'] as const
export type ExportFormat = (typeof exportFormats)[number]

export type FormatOptions = { separator: ',' | ';'; bom: boolean; dn: DnTemplate | null; words: FileWords }

/** How PostgreSQL writes a part, and what becomes of the parts. */
export type Format = {
  columns: readonly Column[]
  toStatement(part: bigint): string
  write(parts: AsyncIterable<Buffer>): AsyncIterable<Uint8Array>
}

/** Rows as a file. LDIF has columns of its own. */
export function makeFormat(
  format: ExportFormat,
  source: RowSource,
  chosen: readonly Column[],
  { separator, bom, dn, words }: FormatOptions,
): Format {
  if (format === 'csv') {
    const toStatement = (part: bigint) => copyCsv({ source, columns: chosen, words }, separator, part)
    // Without a byte order mark Excel takes it for Latin-1; where the comma is the decimal sign it expects semicolons.
    const head = `${bom ? '\uFEFF' : ''}${chosen.map(({ name }) => name).join(separator)}\r\n`
    return { columns: chosen, toStatement, write: (parts) => writeCsv(head, parts) }
  }
  const columns = format === 'xlsx' ? chosen : format === 'ldif' ? ldifColumns : forPrograms(chosen)
  const toStatement = (part: bigint) => copyJson({ source, columns, words }, part)
  const write = (parts: AsyncIterable<Buffer>): AsyncIterable<Uint8Array> => {
    if (format === 'xlsx') return writeXlsx(columns, parts)
    if (format === 'ldif' && dn) return writeLdif(dn, parts)
    return format === 'json' ? writeJson(parts) : parts
  }
  return { columns, toStatement, write }
}

async function* writeCsv(head: string, parts: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array> {
  yield Buffer.from(head)
  // RFC 4180. No line feed is part of a cell.
  for await (const part of parts) yield replaceLineFeeds(part, Buffer.from('\r\n'))
}

/** One list of objects. */
async function* writeJson(parts: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array> {
  yield Buffer.from('[')
  let isFirst = true
  for await (const part of parts) {
    if (part.length === 0) continue
    yield Buffer.from(isFirst ? '\n' : ',\n')
    yield replaceLineFeeds(part.subarray(0, -1), Buffer.from(',\n'))
    isFirst = false
  }
  yield Buffer.from('\n]\n')
}

const lineFeed = 0x0a

function replaceLineFeeds(bytes: Buffer, by: Buffer): Buffer {
  const written = Buffer.allocUnsafe(bytes.length + countLines(bytes) * (by.length - 1))
  let [from, to] = [0, 0]
  for (let end = bytes.indexOf(lineFeed); end !== -1; end = bytes.indexOf(lineFeed, from)) {
    to += bytes.copy(written, to, from, end)
    to += by.copy(written, to)
    from = end + 1
  }
  bytes.copy(written, to, from)
  return written
}

/** How many line feeds there are, which is one for each row. */
export function countLines(bytes: Buffer): number {
  let count = 0
  for (let at = bytes.indexOf(lineFeed); at !== -1; at = bytes.indexOf(lineFeed, at + 1)) count++
  return count
}
