import { setImmediate as nextTurn } from 'node:timers/promises'
import { type CellValue, readXlsx, type Sheet, streamXlsxRows } from 'hucre/xlsx'
import { type Table, type TableRow, TableRows } from '@/lib/imports/table'

/** Rows of which more than their values is read: merged cells and hidden rows. Beyond, that would need 200 MB. */
const examinedMax = 20_000
const rowsPerTurn = 500
const gapMax = 1

/** Reads the first sheet that is not hidden. Formulas count as the value that was saved with them. */
export async function readWorkbook(bytes: Uint8Array, rowsMax: number): Promise<Table> {
  const { index, faultOf, otherSheets } = await examineWorkbook(bytes)
  const rows = new TableRows()
  let rowCount = 0
  let last = -1
  let isSecond = false
  for await (const { index: at, values } of streamXlsxRows(bytes, { sheet: index })) {
    const cells = values.map(toText)
    if (cells.every((cell) => cell === '')) continue
    isSecond ||= last >= 0 && at - last > gapMax + 1
    last = at
    rowCount += 1
    if (rowCount % rowsPerTurn === 0) await nextTurn()
    const fault = isSecond ? 'second_table' : faultOf(at)
    if (rows.length < rowsMax) rows.push({ line: at + 1, cells, ...(fault && { fault }) })
  }
  return { rows, rowCount, broken: [], otherSheets }
}

/** Apart, so that the rows that it reads are gone before all of them are read. */
async function examineWorkbook(bytes: Uint8Array) {
  const { sheets } = await readXlsx(bytes, { maxRows: examinedMax })
  const first = sheets.findIndex(({ hidden, rows }) => !hidden && rows.length > 0)
  const index = Math.max(0, first)
  const otherSheets = sheets.flatMap(({ name, rows }, each) => (each !== index && rows.length > 0 ? name : []))
  return { index, otherSheets, faultOf: examine(sheets[index]) }
}

function examine(sheet: Sheet | undefined): (row: number) => TableRow['fault'] {
  const merged = (sheet?.merges ?? []).map(({ startRow, endRow }) => [startRow, endRow] as const)
  const hidden = new Set([...(sheet?.rowDefs ?? [])].filter(([, { hidden: is }]) => is).map(([row]) => row))
  return (row) => {
    if (merged.some(([from, to]) => row >= from && row <= to)) return 'merged_cells'
    return hidden.has(row) ? 'hidden_row' : undefined
  }
}

function toText(value: CellValue): string {
  if (value === null || value === undefined) return ''
  if (!(value instanceof Date)) return String(value)
  const text = value.toISOString()
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text
}
