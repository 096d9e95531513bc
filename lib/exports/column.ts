/** A column of one of the views `export_row` and `audit_row`. */
export type Column = {
  name: string
  /**
   * `text` is free text, `plain` a code, an identifier or a time. A `word` is in the language of whoever asks, in files for
   * people; the view has the code for it, in a column of its own. `flag` is true or false, `list` has several values.
   */
  kind: 'plain' | 'time' | 'text' | 'word' | 'flag' | 'list'
}

type ExportColumn = Column & {
  /** In every file: an iD says without them neither whose it is nor whether ORCID vouches for it. */
  always?: true
  /** In a file for which no columns were chosen. */
  usual?: true
}

/** What a file of the list can say of somebody, in this order. docs/exports.md explains each to those who read the file. */
export const exportColumns = [
  { name: 'orcid', kind: 'plain', always: true },
  { name: 'orcid_uri', kind: 'plain', always: true },
  { name: 'name', kind: 'text', usual: true },
  { name: 'state', kind: 'word', usual: true },
  { name: 'state_code', kind: 'plain', usual: true },
  { name: 'authenticated', kind: 'flag', always: true },
  { name: 'authenticated_at', kind: 'time', always: true },
  { name: 'permission', kind: 'word', always: true },
  { name: 'permission_code', kind: 'plain', always: true },
  { name: 'scopes', kind: 'list', usual: true },
  { name: 'scopes_given_at', kind: 'list' },
  { name: 'first_connected_at', kind: 'time', usual: true },
  { name: 'last_confirmed_at', kind: 'time' },
  { name: 'expires_at', kind: 'time', usual: true },
  { name: 'withdrew_at', kind: 'time', usual: true },
  { name: 'last_checked_at', kind: 'time' },
  { name: 'finding', kind: 'word' },
  { name: 'finding_code', kind: 'plain' },
  { name: 'unanswered_since', kind: 'time' },
  { name: 'department', kind: 'text' },
  { name: 'local_id', kind: 'text' },
  { name: 'conflict', kind: 'flag' },
  { name: 'primary_orcid', kind: 'plain' },
] as const satisfies readonly ExportColumn[]

export type ColumnName = (typeof exportColumns)[number]['name']

const all: readonly ExportColumn[] = exportColumns

/** The columns of a file for which these were chosen, and those that are in every file; null for the usual ones. */
export function chooseColumns(names: readonly string[] | null): Column[] {
  return all.filter(({ name, always, usual }) => always ?? (names ? names.includes(name) : usual))
}

/** Without words: a program reads the codes. */
export const forPrograms = (columns: readonly Column[]) => columns.filter(({ kind }) => kind !== 'word')

export const isAlways = (name: ColumnName) => all.some((column) => column.name === name && column.always)
export const isUsual = (name: ColumnName) => all.some((column) => column.name === name && column.usual)

const historyColumn = (name: string, kind: Column['kind'] = 'plain'): Column => ({ name, kind })

/** What a file of the history says of an event. `detail` is JSON as text. */
export const historyColumns = [
  historyColumn('id'),
  historyColumn('at', 'time'),
  historyColumn('action', 'text'),
  historyColumn('actor_kind'),
  historyColumn('actor_orcid'),
  historyColumn('actor_name', 'text'),
  historyColumn('subject_orcid'),
  historyColumn('subject_orcid_uri'),
  historyColumn('subject_name', 'text'),
  historyColumn('attempt_id'),
  historyColumn('grant_id'),
  historyColumn('request_id', 'text'),
  historyColumn('detail', 'text'),
]
