/** A column of one of the views `export_row`, `people_row`, `affiliation_row`, `work_row` and `audit_row`. */
export type Column = {
  name: string
  /** `plain`: a code or identifier. `word`: the translation of a `…_code` column. `list`: several values. */
  kind: 'plain' | 'time' | 'text' | 'word' | 'flag' | 'list'
}

type ExportColumn = Column & {
  /** In every file: without these, nobody can tell whose iD it is or whether it is authenticated. */
  always?: true
  /** In a file without chosen columns. */
  usual?: true
}

/** In the order of the file. docs/exports.md explains each column to readers. */
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

/** The chosen columns (null for the usual ones) and those in every file. */
export function chooseColumns(names: readonly string[] | null): Column[] {
  return all.filter(({ name, always, usual }) => always ?? (names ? names.includes(name) : usual))
}

/** Programs read the codes, not the words. */
export const forPrograms = (columns: readonly Column[]) => columns.filter(({ kind }) => kind !== 'word')

/** Whether every file has this column. */
export const isAlways = (name: ColumnName) => all.some((column) => column.name === name && column.always)
/** Whether a file has this column when none was chosen. */
export const isUsual = (name: ColumnName) => all.some((column) => column.name === name && column.usual)

const peopleColumn = (name: string, kind: Column['kind'] = 'plain'): Column => ({ name, kind })

/** Of a file of people, who may have no iD. `unauthenticated_orcid`: from a file, and nobody has proved it. */
export const peopleColumns = [
  peopleColumn('local_id', 'text'),
  peopleColumn('name', 'text'),
  peopleColumn('given_name', 'text'),
  peopleColumn('family_name', 'text'),
  peopleColumn('email', 'text'),
  peopleColumn('department', 'text'),
  peopleColumn('kind_code'),
  peopleColumn('person_state_code'),
  peopleColumn('leaves_on'),
  peopleColumn('orcid'),
  peopleColumn('orcid_uri'),
  peopleColumn('authenticated', 'flag'),
  peopleColumn('state', 'word'),
  peopleColumn('state_code'),
  peopleColumn('scopes', 'list'),
  peopleColumn('first_connected_at', 'time'),
  peopleColumn('withdrew_at', 'time'),
  peopleColumn('unauthenticated_orcid'),
  peopleColumn('conflict', 'flag'),
]

/** Of a file of the people who are asked in a campaign: what its list shows, and how to reach them. */
export const invitedColumns = [
  peopleColumn('local_id', 'text'),
  peopleColumn('name', 'text'),
  peopleColumn('email', 'text'),
  peopleColumn('department', 'text'),
  peopleColumn('kind_code'),
  peopleColumn('orcid'),
  peopleColumn('orcid_uri'),
  peopleColumn('invited_state', 'word'),
  peopleColumn('invited_state_code'),
]

/** Of a file for a system: what `people:read` shows. */
export const systemColumns = [
  peopleColumn('orcid'),
  peopleColumn('orcid_uri'),
  peopleColumn('authenticated', 'flag'),
  peopleColumn('local_id', 'text'),
  peopleColumn('name', 'text'),
  peopleColumn('given_name', 'text'),
  peopleColumn('family_name', 'text'),
  peopleColumn('department', 'text'),
  peopleColumn('kind_code'),
  peopleColumn('scopes', 'list'),
  peopleColumn('first_connected_at', 'time'),
]

const affiliationColumn = (name: string, kind: Column['kind'] = 'plain'): Column => ({ name, kind })

/** Which entry, how it stands, and whose it is. */
const entryColumns = [
  affiliationColumn('id'),
  affiliationColumn('put_code'),
  affiliationColumn('state', 'word'),
  affiliationColumn('state_code'),
  affiliationColumn('reason', 'text'),
  affiliationColumn('orcid'),
  affiliationColumn('local_id', 'text'),
  affiliationColumn('email', 'text'),
  affiliationColumn('name', 'text'),
]

/** Of a file of affiliations. lib/imports reads the same names, so that the file may be edited and come back. */
export const affiliationColumns = [
  ...entryColumns,
  affiliationColumn('type'),
  affiliationColumn('title', 'text'),
  affiliationColumn('department', 'text'),
  affiliationColumn('start_date'),
  affiliationColumn('end_date'),
  affiliationColumn('external_id', 'text'),
  affiliationColumn('url', 'text'),
]

/** Of a file of works. lib/imports reads the same names. */
export const workColumns = [
  ...entryColumns,
  affiliationColumn('id_type'),
  affiliationColumn('external_id', 'text'),
  affiliationColumn('type'),
  affiliationColumn('title', 'text'),
  affiliationColumn('subtitle', 'text'),
  affiliationColumn('journal', 'text'),
  affiliationColumn('date'),
  affiliationColumn('contributors', 'text'),
  affiliationColumn('url', 'text'),
]

const historyColumn = (name: string, kind: Column['kind'] = 'plain'): Column => ({ name, kind })

/** `detail` is JSON as text. */
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
