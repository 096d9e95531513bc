import { stringify } from 'csv-stringify/sync'
import { orcidUri, type Registry } from '@/lib/orcid/id'
import { isAuthenticated, type ResearcherFinding, type ResearcherState } from '@/lib/researchers/researcher'

export const exportFormats = ['csv', 'json'] as const
export type ExportFormat = (typeof exportFormats)[number]

export const exportColumns = [
  'orcid',
  'orcid_uri',
  'name',
  'state',
  'authenticated',
  'authenticated_at',
  'scopes',
  'connected_at',
  'expires_at',
  'withdrawn_at',
] as const

/**
 * One researcher as files have them. `authenticated` is true while something that they granted is live
 * and works;
 * `authenticated_at` is when ORCID first vouched for the iD here. Times are ISO 8601 in UTC; what is absent is null.
 */
export type ExportRow = {
  orcid: string
  orcid_uri: string
  name: string | null
  state: ResearcherState
  authenticated: boolean
  authenticated_at: string
  scopes: string[]
  connected_at: string | null
  expires_at: string | null
  withdrawn_at: string | null
}

type Exported = {
  orcid: string
  registry: Registry
  name: string | null
  state: ResearcherState
  finding: ResearcherFinding | null
  liveScopes: string[]
  connectedAt: Date | null
  expiresAt: Date | null
  withdrawnAt: Date | null
  createdAt: Date
}

export function toExportRow(researcher: Exported): ExportRow {
  return {
    orcid: researcher.orcid,
    orcid_uri: orcidUri(researcher.orcid, researcher.registry),
    name: researcher.name,
    state: researcher.state,
    authenticated: isAuthenticated(researcher),
    authenticated_at: researcher.createdAt.toISOString(),
    scopes: researcher.liveScopes,
    connected_at: researcher.connectedAt?.toISOString() ?? null,
    expires_at: researcher.expiresAt?.toISOString() ?? null,
    withdrawn_at: researcher.withdrawnAt?.toISOString() ?? null,
  }
}

// What makes a spreadsheet take a cell for a formula (https://owasp.org/www-community/attacks/CSV_Injection), behind
// any number of apostrophes.
const looksLikeFormula = /^'*[=+\-@\t\r\n＝＋－＠]/
const wasDefused = /^'+[=+\-@\t\r\n＝＋－＠]/

/**
 * A text as a cell that no spreadsheet calculates: one more apostrophe goes before a formula, and before a text of
 * apostrophes and then a formula, so that `parseCell` can tell them apart. Names like ’t Hooft stay as they are.
 */
export function defuseCell(text: string): string {
  return looksLikeFormula.test(text) ? `'${text}` : text
}

/** The text that `defuseCell` made this cell of. */
export function parseCell(cell: string): string {
  return wasDefused.test(cell) ? cell.slice(1) : cell
}

/** The parts of a file: what comes before the rows, a batch of rows, what comes after them. */
export type Encoder<Row> = { head: string; rows(rows: readonly Row[], first: boolean): string; tail: string }

type Cell = string | boolean | readonly string[] | null

/** How rows with these columns are written, as either kind of file. */
export function makeEncoders<Row extends { [column in Column]: Cell }, Column extends string & keyof Row>(
  columns: readonly Column[],
): Record<ExportFormat, Encoder<Row>> {
  return {
    // RFC 4180 in UTF-8 with a byte order mark, without which Excel takes the file for Latin-1.
    csv: {
      head: `\uFEFF${toCsv([columns])}`,
      rows: (rows) => toCsv(rows.map((row) => columns.map((column) => defuseCell(toCell(row[column]))))),
      tail: '',
    },
    json: {
      head: '[',
      rows: (rows, first) => rows.map((row, i) => `${first && i === 0 ? '' : ','}\n${JSON.stringify(row)}`).join(''),
      tail: '\n]\n',
    },
  }
}

export const encoders = makeEncoders<ExportRow, (typeof exportColumns)[number]>(exportColumns)

function toCell(value: Cell): string {
  return typeof value === 'object' && value !== null ? value.join(' ') : String(value ?? '')
}

function toCsv(rows: readonly (readonly string[])[]): string {
  // Without `quoted_match`, a bare CR or LF in a cell would go out unquoted: it is not the delimiter of records.
  return stringify(rows as string[][], { record_delimiter: '\r\n', quoted_match: /[\r\n]/ })
}
