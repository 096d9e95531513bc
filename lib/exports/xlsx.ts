import { type CellValue, writeXlsxStream } from 'hucre/xlsx'
import type { Column } from '@/lib/exports/column'
import { type Part, type Row, readRows } from '@/lib/exports/lines'

/** What a sheet holds, the header apart. */
export const sheetRowsMax = 1_048_575

/**
 * A workbook of one sheet. Times are times and texts are texts: a cell that is declared a text is never calculated, so that
 * nothing in it needs to be defused.
 */
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

// `_x0041_` stands for a character in a workbook. The library does not escape what only looks like it, nor the two
// characters that XML has not.
function escapeText(text: string): string {
  return text
    .replace(/_(?=x[0-9a-f]{4}_)/gi, '_x005F_')
    .replace(/[\uFFFE\uFFFF]/g, (character) => `_x${character.charCodeAt(0).toString(16).toUpperCase()}_`)
}
