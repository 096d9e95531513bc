/** A row with the number of its first line in the file. `fault`: why it cannot be taken as it is. */
export type TableRow = { line: number; cells: string[]; fault?: 'merged_cells' | 'hidden_row' | 'second_table' }

/** `broken`: lines that cannot be read. `rowCount` counts rows beyond the limit too. The first row is the header. */
export type Table = { rows: TableRow[]; rowCount: number; broken: number[]; otherSheets: string[] }

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
