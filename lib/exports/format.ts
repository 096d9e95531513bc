import { type Column, forPrograms } from '@/lib/exports/column'
import { copyCsv, copyJson, type RowSource } from '@/lib/exports/copy'
import type { DnTemplate } from '@/lib/exports/dn'
import { ldifColumns, writeLdif } from '@/lib/exports/ldif'
import type { Part } from '@/lib/exports/lines'
import { namesColumns, writeNames } from '@/lib/exports/names'
import type { FileWords } from '@/lib/exports/words'
import { writeXlsx } from '@/lib/exports/xlsx'

export const exportFormats = ['csv', 'xlsx', 'json', 'jsonl', 'ldif', 'names'] as const
export type ExportFormat = (typeof exportFormats)[number]

export type FormatOptions = { separator: ',' | ';'; bom: boolean; dn: DnTemplate | null; words: FileWords }

/** The `COPY` statement for a part, and the assembly of the parts. */
export type Format = {
  columns: readonly Column[]
  toStatement(part: bigint): string
  write(parts: AsyncIterable<Part>): AsyncIterable<Uint8Array>
}

/** Formats whose columns cannot be chosen. */
const fixedColumns: Partial<Record<ExportFormat, readonly Column[]>> = { ldif: ldifColumns, names: namesColumns }

/** The columns of a file in this format of which these were chosen. */
export const columnsOf = (format: ExportFormat, chosen: readonly Column[]): readonly Column[] =>
  fixedColumns[format] ?? (format === 'csv' || format === 'xlsx' ? chosen : forPrograms(chosen))

/** Whether the chosen columns count. */
export const hasColumns = (format: ExportFormat) => !fixedColumns[format]

/** How the name of a file ends. */
export const extensionOf = (format: ExportFormat) => (format === 'names' ? 'yaml' : format)

export function makeFormat(
  format: ExportFormat,
  source: RowSource,
  chosen: readonly Column[],
  { separator, bom, dn, words }: FormatOptions,
): Format {
  if (format === 'csv') {
    const toStatement = (part: bigint) => copyCsv({ source, columns: chosen, words }, separator, part)
    // Excel reads UTF-8 only with a byte order mark, and expects semicolons where the comma is the decimal sign.
    const head = `${bom ? '\uFEFF' : ''}${chosen.map(({ name }) => name).join(separator)}\r\n`
    return { columns: chosen, toStatement, write: (parts) => writeCsv(head, parts) }
  }
  const columns = columnsOf(format, chosen)
  const toStatement = (part: bigint) => copyJson({ source, columns, words }, part)
  const write = (parts: AsyncIterable<Part>): AsyncIterable<Uint8Array> => {
    if (format === 'xlsx') return writeXlsx(columns, parts)
    if (format === 'names') return writeNames(parts)
    if (format === 'ldif' && dn) return writeLdif(dn, parts)
    return format === 'json' ? writeJson(parts) : writeLines(parts)
  }
  return { columns, toStatement, write }
}

// Bytes are handled as Latin-1 strings, one character each, because V8 frees strings sooner than buffers.

async function* writeCsv(head: string, parts: AsyncIterable<Part>): AsyncGenerator<Uint8Array> {
  yield Buffer.from(head)
  for await (const part of parts) {
    // RFC 4180 wants CRLF. No cell contains a line feed.
    for (const chunk of part) yield Buffer.from(chunk.toString('latin1').replaceAll('\n', '\r\n'), 'latin1')
  }
}

async function* writeJson(parts: AsyncIterable<Part>): AsyncGenerator<Uint8Array> {
  yield Buffer.from('[')
  let before = '\n'
  for await (const part of parts) {
    for (const chunk of part) {
      const text = chunk.toString('latin1')
      const endsRow = text.endsWith('\n')
      const rows = endsRow ? text.slice(0, -1) : text
      yield Buffer.from(before + rows.replaceAll('\n', ',\n'), 'latin1')
      before = endsRow ? ',\n' : ''
    }
  }
  yield Buffer.from('\n]\n')
}

async function* writeLines(parts: AsyncIterable<Part>): AsyncGenerator<Uint8Array> {
  for await (const part of parts) yield* part
}
