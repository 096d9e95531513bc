import type { Column } from '@/lib/exports/encoder'
import { orcidUri } from '@/lib/orcid/id'
import { isAuthenticated } from '@/lib/researchers/researcher'
import type { ResearcherTexts } from '@/lib/researchers/walk'

type ExportColumn = Column<ResearcherTexts> & {
  /** In every file: an iD says without them neither whose it is nor whether ORCID vouches for it. */
  always?: true
  /** In a file for which no columns were chosen. */
  usual?: true
}

/**
 * What a file of the list can say of somebody, in this order. docs/exports.md explains each to those who read the file.
 * `authenticated` is true while something that they granted is live and works; `authenticated_at` is when ORCID first
 * vouched for the iD here.
 */
export const exportColumns = [
  { name: 'orcid', kind: 'word', always: true, read: ({ orcid }) => orcid },
  { name: 'orcid_uri', kind: 'word', always: true, read: ({ orcid, registry }) => orcidUri(orcid, registry) },
  { name: 'name', kind: 'text', usual: true, read: ({ name }) => name },
  { name: 'state', kind: 'word', usual: true, read: ({ state }) => state },
  { name: 'authenticated', kind: 'flag', always: true, read: (row) => String(isAuthenticated(row)) },
  { name: 'authenticated_at', kind: 'time', always: true, read: ({ createdAt }) => createdAt },
  { name: 'scopes', kind: 'list', usual: true, read: ({ scopes }) => scopes },
  { name: 'connected_at', kind: 'time', usual: true, read: ({ connectedAt }) => connectedAt },
  { name: 'expires_at', kind: 'time', usual: true, read: ({ expiresAt }) => expiresAt },
  { name: 'withdrawn_at', kind: 'time', usual: true, read: ({ withdrawnAt }) => withdrawnAt },
  { name: 'last_checked_at', kind: 'time', read: ({ lastCheckedAt }) => lastCheckedAt },
  { name: 'finding', kind: 'word', read: ({ finding }) => finding },
  { name: 'unanswered_since', kind: 'time', read: ({ unansweredSince }) => unansweredSince },
  { name: 'department', kind: 'text', read: ({ department }) => department },
  { name: 'local_id', kind: 'text', read: ({ localId }) => localId },
  { name: 'conflict', kind: 'flag', read: ({ conflict }) => String(conflict === 't') },
  { name: 'primary_orcid', kind: 'word', read: ({ primaryOrcid }) => primaryOrcid },
] as const satisfies readonly ExportColumn[]

export type ColumnName = (typeof exportColumns)[number]['name']

const all: readonly ExportColumn[] = exportColumns

/** The columns of a file for which these were chosen, and those that are in every file; null for the usual ones. */
export function chooseColumns(names: readonly string[] | null): Column<ResearcherTexts>[] {
  return all.filter(({ name, always, usual }) => always ?? (names ? names.includes(name) : usual))
}

export const isAlways = (name: ColumnName) => all.some((column) => column.name === name && column.always)
export const isUsual = (name: ColumnName) => all.some((column) => column.name === name && column.usual)
