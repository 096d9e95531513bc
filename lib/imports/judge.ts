import type { Tx } from '@/lib/db'
import type { Mapping } from '@/lib/imports/columns'
import type { Doubt, Verdict } from '@/lib/imports/import'
import type { RowFault } from '@/lib/imports/people-row'
import type { TableRow } from '@/lib/imports/table'

/** A row with what saving it would do, as it is kept. */
export type JudgedRow = {
  line: number
  fields: Record<string, string>
  verdict: Verdict
  faults: RowFault[] | null
  name: string | null
  personId: string | null
  nearId: string | null
  itemId: string | null
  before: object | null
  after: object | null
}

/** Compares the rows of one kind of file with what is here, some at a time and in the order of the file. */
export type Judge = {
  judge(tx: Tx, rows: readonly TableRow[]): Promise<JudgedRow[]>
  /** What was seen so far that makes a complete file look like a mistake. */
  doubts(): Doubt[]
}

const fieldCharsMax = 4_100

/** The mapped cells that say something, by field. */
export const toFields = (cells: readonly string[], mapping: Mapping): Record<string, string> =>
  Object.fromEntries(
    mapping.flatMap((field, index) =>
      field && cells[index]?.trim() ? [[field, (cells[index] ?? '').slice(0, fieldCharsMax)]] : [],
    ),
  )

export const refusedRow = (line: number, fields: Record<string, string>, faults: RowFault[]): JudgedRow => ({
  line,
  fields,
  verdict: 'refused',
  faults,
  name: fields.name ?? ([fields.given_name, fields.family_name].filter(Boolean).join(' ') || null),
  personId: null,
  nearId: null,
  itemId: null,
  before: null,
  after: null,
})
