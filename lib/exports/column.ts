import type { Column } from '@/lib/exports/layout'
import { orcidUri } from '@/lib/orcid/id'

type ExportColumn = Column & {
  /** In every file: an iD says without them neither whose it is nor whether ORCID vouches for it. */
  always?: true
  /** In a file for which no columns were chosen. */
  usual?: true
}

/** `orcidUri` of a researcher, as SQL. */
export const uriSql = `case registry when 'sandbox' then '${orcidUri('', 'sandbox')}' else '${orcidUri('', 'production')}' end || orcid`
/** `isAuthenticated` of a researcher, as SQL: never null. */
export const authenticatedSql = `(live_scopes <> '{}' and (finding is null or finding not in ('wrong_record', 'record_locked')))`

/** Whether there is a permission: `being_checked` while ORCID refuses its token and that is not confirmed; as SQL. */
const permissionSql = `case when state not in ('connected', 'identity_only') then 'ended'
  when finding = 'being_checked' then 'being_checked' else 'live' end`

/**
 * What a file of the list can say of somebody, in this order. docs/exports.md explains each to those who read the file.
 * `authenticated` is true while something that they granted is live and works; `authenticated_at` is when ORCID first
 * vouched for the iD here.
 */
export const exportColumns = [
  { name: 'orcid', kind: 'word', always: true, sql: 'orcid' },
  { name: 'orcid_uri', kind: 'word', always: true, sql: uriSql },
  { name: 'name', kind: 'text', usual: true, sql: 'name' },
  { name: 'state', kind: 'word', usual: true, sql: 'state' },
  { name: 'authenticated', kind: 'flag', always: true, sql: authenticatedSql },
  { name: 'authenticated_at', kind: 'time', always: true, sql: 'created_at' },
  { name: 'permission', kind: 'word', always: true, sql: permissionSql },
  { name: 'scopes', kind: 'list', usual: true, sql: 'live_scopes' },
  { name: 'first_connected_at', kind: 'time', usual: true, sql: 'first_connected_at' },
  { name: 'last_confirmed_at', kind: 'time', sql: 'last_confirmed_at' },
  { name: 'expires_at', kind: 'time', usual: true, sql: 'expires_at' },
  { name: 'withdrew_at', kind: 'time', usual: true, sql: 'withdrew_at' },
  { name: 'last_checked_at', kind: 'time', sql: 'last_checked_at' },
  { name: 'finding', kind: 'optional', sql: 'finding' },
  { name: 'unanswered_since', kind: 'time', sql: 'unanswered_since' },
  { name: 'department', kind: 'text', sql: 'department' },
  { name: 'local_id', kind: 'text', sql: 'local_id' },
  { name: 'conflict', kind: 'flag', sql: 'conflict' },
  { name: 'primary_orcid', kind: 'optional', sql: 'primary_orcid' },
] as const satisfies readonly ExportColumn[]

export type ColumnName = (typeof exportColumns)[number]['name']

const all: readonly ExportColumn[] = exportColumns

/** The columns of a file for which these were chosen, and those that are in every file; null for the usual ones. */
export function chooseColumns(names: readonly string[] | null): Column[] {
  return all.filter(({ name, always, usual }) => always ?? (names ? names.includes(name) : usual))
}

export const isAlways = (name: ColumnName) => all.some((column) => column.name === name && column.always)
export const isUsual = (name: ColumnName) => all.some((column) => column.name === name && column.usual)
