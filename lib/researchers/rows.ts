import 'server-only'
import { z } from 'zod'
import { inLimitedTime, Prisma } from '@/lib/db'
import { isIdentityOnly } from '@/lib/orcid/scopes'
import { toCondition } from '@/lib/researchers/condition'
import { plan } from '@/lib/researchers/counts'
import type { ShownResearcher } from '@/lib/researchers/queries'
import {
  type Cursor,
  columnOf,
  type ListFilters,
  type ListState,
  noFilters,
  type SortColumn,
} from '@/lib/researchers/schema'

// One collation for every database, whatever the operator's default is: letters of all scripts in dictionary order.
const columns: Record<SortColumn, Prisma.Sql> = {
  name: Prisma.sql`name collate "und-x-icu"`,
  connected: Prisma.sql`first_connected_at`,
  expires: Prisma.sql`expires_at`,
  checked: Prisma.sql`last_checked_at`,
  orcid: Prisma.sql`orcid`,
}
const columnNames: Record<SortColumn, Prisma.Sql> = { ...columns, name: Prisma.sql`name` }
const keyTypes: Record<SortColumn, Prisma.Sql> = {
  name: Prisma.sql`text`,
  connected: Prisma.sql`timestamptz`,
  expires: Prisma.sql`timestamptz`,
  checked: Prisma.sql`timestamptz`,
  orcid: Prisma.sql`text`,
}

const timeFields = { connected: 'firstConnectedAt', expires: 'expiresAt', checked: 'lastCheckedAt' } as const

/** What a row is sorted by, as a cursor has it. */
export function keyOf(row: ShownResearcher, column: SortColumn): string | null {
  if (column === 'name' || column === 'orcid') return row[column]
  return row[timeFields[column]]?.toISOString() ?? null
}

/** The state of all whom the filters let through, where they name it; what they say besides can leave out more. */
function stateOf({ state, scopes, lacks, expiringWithin }: ListFilters): ListState | null {
  const isConnected = state === 'expiring' || lacks.length > 0 || expiringWithin !== null || !isIdentityOnly(scopes)
  if (isConnected) return 'connected'
  return state === 'connected' || state === 'identity-only' || state === 'withdrawn' || state === 'expired'
    ? state
    : null
}

/** Those of whom these hold are connected, which is the same as having a time of connecting and one of ending. */
function standsOf(filters: ListFilters): Stretch[] {
  const { state } = filters
  if (stateOf(filters) === 'connected') return ['present']
  const isAny = state === null || state === 'locked' || state === 'conflict'
  return isAny ? ['present', 'absent'] : ['absent']
}

type Stretch = 'present' | 'absent'

function stretchesOf(filters: ListFilters, column: SortColumn): Stretch[] {
  if (column === 'orcid') return ['present']
  if (column === 'checked' && (filters.checkedFrom || filters.checkedBefore)) return ['present']
  // Who has no name is found by digits alone.
  const isName = /[^\dx\s-]/i.test(filters.q.replace(/\S*orcid\.org\//gi, ''))
  if (column === 'name' && isName) return ['present']
  if (column === 'connected' && (filters.connectedFrom || filters.connectedTo)) return ['present']
  return column === 'expires' ? standsOf(filters) : ['present', 'absent']
}

/**
 * The next `limit` rows from a cursor, in walking order. Rows without a value come last in either direction, so the
 * list is two stretches, those with one and those without. Each is a range of an index: a page costs the same wherever
 * it is.
 */
export async function fetchRows(filters: ListFilters, from: Cursor | null, limit: number): Promise<ShownResearcher[]> {
  const column = columnOf(filters.sort)
  const back = from?.go === 'previous'
  const order: Stretch[] = back ? ['absent', 'present'] : ['present', 'absent']
  const first = from ? order.indexOf(from.key === null ? 'absent' : 'present') : 0
  const stretches = stretchesOf(filters, column)
  const descending = filters.sort.startsWith('-') !== back
  // Names of one script are beside one another in the order of names.
  const found = column === 'name' && filters.q ? (await plan(filters)).rows : null
  const areFew = (found ?? Infinity) <= fewChecked
  const way: Wanted['way'] = areFew ? 'sort' : mayBeFew(filters, column) ? 'try' : 'walk'
  const rows: ShownResearcher[] = []
  for (const [position, stretch] of order.entries()) {
    if (position < first || rows.length >= limit || !stretches.includes(stretch)) continue
    const after = position === first ? from : null
    const wanted = { filters, column, stretch, descending, after, way, limit: limit - rows.length }
    rows.push(...(await fetchStretch(wanted)))
  }
  return rows
}

// As many are found and sorted sooner than an order is walked for them. When somebody was checked last goes along with
// how they stand, so that the ones wanted may all come at the end.
const fewChecked = 20_000
// Of most filters a page is found within the next rows of the order, and nothing needs to be looked for. What is searched
// for is in the index of names alone: elsewhere each row would be read.
const nearOf = ({ q }: ListFilters, column: SortColumn) => (q && column !== 'name' ? 0 : 30_000)
// Times go along with one another as well. Names and iDs go along with nothing: of more, there is one in some hundred rows.
const fewTried = (column: SortColumn) => (column === 'name' || column === 'orcid' ? 2_000 : 30_000)

type Wanted = {
  filters: ListFilters
  column: SortColumn
  stretch: Stretch
  descending: boolean
  after: Cursor | null
  way: 'sort' | 'try' | 'walk'
  limit: number
}

/** Of stretches of other indexes than that of the order no estimate tells how many are on this one: some are looked for. */
function mayBeFew(filters: ListFilters, column: SortColumn) {
  const { withdrawnSince, checkedFrom, checkedBefore, connectedFrom, connectedTo } = filters
  const isCheckedBetween = checkedFrom !== null || checkedBefore !== null
  const isConnectedBetween = connectedFrom !== null || connectedTo !== null
  return (
    withdrawnSince !== null ||
    (isCheckedBetween && column !== 'checked') ||
    (isConnectedBetween && column !== 'connected')
  )
}

type Parts = {
  filters: ListFilters
  column: SortColumn
  condition: Prisma.Sql
  stretch: Prisma.Sql
  order: Prisma.Sql
  limit: number
}

const first = ({ order, limit }: Parts, of: Prisma.Sql) =>
  Prisma.sql`select researcher.id as page_id from ${of} order by ${order} limit ${limit}`

const all = ({ column, condition, stretch }: Parts, upTo: Prisma.Sql) =>
  Prisma.sql`select id, ${columnNames[column]} from researcher where ${condition} and ${stretch} ${upTo}`

/** The ids of a page, as `page` of a WITH clause. */
const pageSql: Record<Wanted['way'], (parts: Parts) => Prisma.Sql> = {
  // Without `offset 0` PostgreSQL would walk the order all the same.
  sort: (parts) =>
    Prisma.sql`page as materialized (${first(parts, Prisma.sql`(${all(parts, Prisma.sql`offset 0`)}) as researcher`)})`,
  walk: (parts) => Prisma.sql`page as materialized (${first(parts, walked(parts))})`,
  try: (parts) => {
    const { filters, column, condition, stretch, order, limit } = parts
    // One index has those of a state in the order of checks; the others have all states in theirs.
    const known = column === 'checked' ? toCondition({ ...noFilters, state: stateOf(filters) }) : Prisma.sql`true`
    const next = Prisma.sql`(
      select * from researcher where ${known} and ${stretch} order by ${order} limit ${nearOf(filters, column)}) as researcher`
    const tried = fewTried(column)
    return Prisma.sql`
      near as materialized (${first(parts, Prisma.sql`${next} where ${condition}`)}),
      few as materialized (${all(parts, Prisma.sql`and (select count(*) from near) < ${limit} limit ${tried + 1}`)}),
      page as materialized (
        (select page_id from near where (select count(*) from near) = ${limit})
        union all
        (${first(parts, Prisma.sql`few as researcher where (select count(*) from few) <= ${tried}`)})
        union all
        (${first(parts, Prisma.sql`${walked(parts)} and (select count(*) from few) > ${tried}`)}))`
  },
}

const walked = ({ condition, stretch }: Parts) => Prisma.sql`researcher where ${condition} and ${stretch}`

/**
 * Finds the rows first and looks up what is shown of them then: what the list is sorted by and filtered on is in the
 * index, so that walking past those that the filters keep out reads nothing else.
 */
async function fetchStretch({
  filters,
  column,
  stretch,
  descending,
  after,
  way,
  limit,
}: Wanted): Promise<ShownResearcher[]> {
  const key = columns[column]
  const absent = stretch === 'absent'
  const than = Prisma.raw(descending ? '<' : '>')
  const direction = Prisma.raw(descending ? 'desc' : 'asc')
  // That an iD is there goes without saying, so PostgreSQL forgets that it was said, and with it the index that holds more.
  const present = column === 'orcid' ? Prisma.sql`orcid > ''` : Prisma.sql`${key} is not null`
  const parts = [absent ? Prisma.sql`${key} is null` : present]
  // A bare `id` in ORDER BY would be the text that is selected, and no index is in its order. iDs are different anyway.
  const id = Prisma.sql`researcher.id ${direction}`
  const byKey = Prisma.sql`${key} ${direction}`
  const order = absent ? id : column === 'orcid' ? byKey : Prisma.sql`${byKey}, ${id}`
  if (after && absent) parts.push(Prisma.sql`id ${than} ${after.id}::uuid`)
  else if (after && column === 'orcid') parts.push(Prisma.sql`orcid ${than} ${after.key}`)
  else if (after) parts.push(Prisma.sql`(${key}, id) ${than} (${after.key}::${keyTypes[column]}, ${after.id}::uuid)`)
  const stretchSql = Prisma.join(parts, ' and ')
  const page = pageSql[way]({ column, condition: toCondition(filters), stretch: stretchSql, filters, order, limit })
  const rows = await inLimitedTime<unknown[]>(Prisma.sql`
    with ${page}
    select id::text, orcid, registry::text, name, state::text, live_scopes as "liveScopes",
      first_connected_at as "firstConnectedAt", last_confirmed_at as "lastConfirmedAt",
      expires_at as "expiresAt", withdrew_at as "withdrewAt",
      last_checked_at as "lastCheckedAt", finding::text, unanswered_since as "unansweredSince",
      primary_orcid as "primaryOrcid", department, local_id as "localId", conflict, created_at as "createdAt"
    from page join researcher on researcher.id = page.page_id order by ${order}`)
  return z.array(rowSchema).parse(rows)
}

const rowSchema: z.ZodType<ShownResearcher> = z.object({
  id: z.string(),
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
  createdAt: z.date(),
})
