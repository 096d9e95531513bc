/** A row with the number of its first line in the file. `fault`: why it cannot be taken as it is. */
export type TableRow = { line: number; cells: string[]; fault?: 'merged_cells' | 'hidden_row' | 'second_table' }

const rowsPerBatch = 100

/** Rows in batches, kept as bytes: as objects, those of a large file would take five times as much memory. */
export class TableRows {
  length = 0
  #packed: Buffer[] = []
  #last: TableRow[] = []

  push(row: TableRow): void {
    this.length += 1
    this.#last.push(row)
    if (this.#last.length < rowsPerBatch) return
    this.#packed.push(Buffer.from(JSON.stringify(this.#last)))
    this.#last = []
  }

  /** Takes the first row away; call it before anything else reads the rows. */
  shift(): TableRow | undefined {
    const [batch = []] = this.batches()
    const first = batch.shift()
    if (!first) return undefined
    this.length -= 1
    if (this.#packed.length > 0) this.#packed[0] = Buffer.from(JSON.stringify(batch))
    return first
  }

  *batches(): Generator<TableRow[]> {
    for (const batch of this.#packed) yield JSON.parse(batch.toString()) as TableRow[]
    if (this.#last.length > 0) yield this.#last
  }

  *[Symbol.iterator](): Generator<TableRow> {
    for (const batch of this.batches()) yield* batch
  }
}

/** `broken`: lines that cannot be read. `rowCount` counts rows beyond the limit too. The first row is the header. */
export type Table = { rows: TableRows; rowCount: number; broken: number[]; otherSheets: string[] }

export type TableFault =
  | 'empty'
  | 'only_header'
  | 'broken_header'
  | 'not_text'
  | 'old_workbook'
  | 'archive'
  | 'unreadable_workbook'
  | 'too_many_columns'
  | 'too_many_rows'
  | 'duplicate_column'

export const columnsMax = 200
