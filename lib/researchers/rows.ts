import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { Prisma, type Queryable, queryRows } from '@/lib/db'
import { conflictCondition } from '@/lib/list/visible'
import { toCondition } from '@/lib/researchers/condition'
import { type Cursor, columnOf, type ListFilters, type SortColumn, sortOf } from '@/lib/researchers/schema'
import { sortKeys, toKey } from '@/lib/researchers/sort-keys'

const fields = {
  name: 'name',
  connected: 'firstConnectedAt',
  confirmed: 'lastConfirmedAt',
  expires: 'expiresAt',
  checked: 'lastCheckedAt',
  withdrew: 'withdrewAt',
  orcid: 'orcid',
} as const satisfies Record<SortColumn, keyof ShownResearcher>

/** The row's sort key as it is in a cursor. */
export function keyOf(row: ShownResearcher, column: SortColumn): string | null {
  const value = row[fields[column]]
  return value instanceof Date ? value.toISOString() : value
}

/**
 * The next `limit` rows from a cursor, in the cursor's direction. Many matches: scans a key range of the order's index.
 * Few matches, or a search sorted by the searched text: filters first and sorts, which is faster.
 */
export function fetchRows(tx: Queryable, query: RowQuery): Promise<ShownResearcher[]> {
  return queryRows(tx, rowSchema, rowsSql(query))
}

type RowQuery = { actor: StaffActor; filters: ListFilters; from: Cursor | null; limit: number; areFew: boolean }

function rowsSql({ actor, filters, from, limit, areFew }: RowQuery): Prisma.Sql {
  const sort = sortOf(filters)
  const column = columnOf(sort)
  const key = sortKeys[column]
  const descending = sort.startsWith('-') !== (from?.go === 'previous')
  const than = Prisma.raw(descending ? '<' : '>')
  const direction = Prisma.raw(descending ? 'desc' : 'asc')
  const condition = toCondition(actor, filters)
  const isSorted = areFew || (filters.q !== '' && isText(column))
  // `offset 0` keeps PostgreSQL from scanning the order's index.
  const source = isSorted
    ? Prisma.sql`(select * from person where ${condition} offset 0) as person`
    : Prisma.sql`person`
  const after = from
    ? Prisma.sql`(${key}, id) ${than} (${cursorKey(from, column)}, ${from.id}::uuid)`
    : Prisma.sql`true`
  // A bare `id` in ORDER BY would mean the selected text, which has no index.
  return Prisma.sql`
    select id::text as "personId", researcher_id::text as id, orcid, registry::text, name, connection::text as state, live_scopes as "liveScopes",
      first_connected_at as "firstConnectedAt", last_confirmed_at as "lastConfirmedAt",
      expires_at as "expiresAt", withdrew_at as "withdrewAt",
      last_checked_at as "lastCheckedAt", finding::text, unanswered_since as "unansweredSince",
      primary_orcid as "primaryOrcid", department, local_id as "localId", ${conflictCondition(actor)} as conflict, authenticated_at as "authenticatedAt"
    from ${source} where ${isSorted ? Prisma.sql`true` : condition} and ${after}
    order by ${key} ${direction}, person.id ${direction} limit ${limit}`
}

const isText = (column: SortColumn) => column === 'name' || column === 'orcid'

const cursorKey = ({ key }: Cursor, column: SortColumn) =>
  toKey[column](isText(column) ? Prisma.sql`${key}::text` : Prisma.sql`${key}::timestamptz`)

const rowSchema = z.object({
  /** Of the researcher. */
  id: z.string(),
  personId: z.string(),
  orcid: z.string(),
  registry: z.enum(['production', 'sandbox', 'local']),
  name: z.string().nullable(),
  state: z.enum(['connected', 'identity_only', 'withdrawn', 'expired']),
  liveScopes: z.array(z.string()),
  firstConnectedAt: z.date().nullable(),
  lastConfirmedAt: z.date().nullable(),
  expiresAt: z.date().nullable(),
  withdrewAt: z.date().nullable(),
  lastCheckedAt: z.date().nullable(),
  finding: z
    .enum([
      'good',
      'insufficient',
      'wrong_record',
      'record_locked',
      'withdrawn_at_orcid',
      'record_deprecated',
      'record_deactivated',
      'unanswered',
      'being_checked',
    ])
    .nullable(),
  unansweredSince: z.date().nullable(),
  primaryOrcid: z.string().nullable(),
  department: z.string().nullable(),
  localId: z.string().nullable(),
  conflict: z.boolean(),
  authenticatedAt: z.date(),
})

export type ShownResearcher = z.infer<typeof rowSchema>
