import { type CellValue, writeXlsxStream } from 'hucre/xlsx'
import type { Column } from '@/lib/exports/column'
import { type Part, type Row, readRows } from '@/lib/exports/lines'

/** Excel's limit without the header. */
export const sheetRowsMax = 1_048_575

/** Spreadsheets never calculate cells of type text, so texts need no protection against formulas. */
export function writeXlsx(columns: readonly Column[], parts: AsyncIterable<Part>): AsyncIterable<Uint8Array> {
  return writeXlsxStream(toCells(columns, parts), {
    name: 'ORCID',
    columns: columns.map(({ name, kind }) => ({
      header: name,
      width: kind === 'text' || kind === 'list' ? 32 : 20,
      ...(kind === 'time' ? { numFmt: 'yyyy-mm-dd hh:mm:ss' } : {}),
    })),
    freezePane: { rows: 1 },
  })
}

async function* toCells(columns: readonly Column[], parts: AsyncIterable<Part>): AsyncGenerator<CellValue[]> {
  for await (const row of readRows(parts)) yield columns.map((column) => toCell(column, row))
}

function toCell({ name, kind }: Column, row: Row): CellValue {
  const value = row[name] ?? null
  if (typeof value === 'string') return kind === 'time' ? new Date(value) : escapeText(value)
  return Array.isArray(value) ? escapeText(value.join(' ')) : (value as CellValue)
}

/** `_x0041_` encodes a character. The library escapes neither literal text of that form nor U+FFFE and U+FFFF. */
export function escapeText(text: string): string {
  return text
    .replace(/_(?=x[0-9a-f]{4}_)/gi, '_x005F_')
    .replace(/[\uFFFE\uFFFF]/g, (character) => `_x${character.charCodeAt(0).toString(16).toUpperCase()}_`)
}
