import 'server-only'
import { z } from 'zod'
import { inLimitedTime, Prisma } from '@/lib/db'
import { isIdentityOnly } from '@/lib/orcid/scopes'
import { toCondition } from '@/lib/researchers/condition'
import { countAtMost, plan } from '@/lib/researchers/counts'
import type { ShownResearcher } from '@/lib/researchers/queries'
import { type Cursor, columnOf, type ListFilters, type SortColumn } from '@/lib/researchers/schema'

// One collation for every database, whatever the operator's default is: letters of all scripts in dictionary order.
const columns: Record<SortColumn, Prisma.Sql> = {
  name: Prisma.sql`name collate "und-x-icu"`,
  connected: Prisma.sql`connected_at`,
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

const timeFields = { connected: 'connectedAt', expires: 'expiresAt', checked: 'lastCheckedAt' } as const

/** What a row is sorted by, as a cursor has it. */
export function keyOf(row: ShownResearcher, column: SortColumn): string | null {
  if (column === 'name' || column === 'orcid') return row[column]
  return row[timeFields[column]]?.toISOString() ?? null
}

/** Those of whom these hold are connected, which is the same as having a time of connecting and one of ending. */
function standsOf({ state, scopes, lacks, expiringWithin, connectedFrom, connectedTo }: ListFilters): Stretch[] {
  const isConnected =
    state === 'connected' ||
    state === 'expiring' ||
    lacks.length > 0 ||
    expiringWithin !== null ||
    !isIdentityOnly(scopes)
  if (isConnected || connectedFrom || connectedTo) return ['present']
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
  return column === 'connected' || column === 'expires' ? standsOf(filters) : ['present', 'absent']
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
  const most = await countAtMost(filters)
  if (most === 0) return []
  // Names of one script are beside one another in the order of names.
  const found = column === 'name' && filters.q ? (await plan(filters)).rows : null
  const areFew =
    (most !== null && most <= (column === 'checked' ? fewChecked : fewest)) || (found ?? Infinity) <= fewChecked
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
const fewest = 5_000
const fewChecked = 20_000
// Times go along with one another as well. Names and iDs go along with nothing: of more, there is one in some hundred rows.
// The index of withdrawals has no other times, so that many of them are dear to look at.
const fewTried = ({ withdrawnSince }: ListFilters, column: SortColumn) =>
  withdrawnSince !== null || column === 'name' || column === 'orcid' ? 2_000 : 20_000

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
  const parts = [toCondition(filters), absent ? Prisma.sql`${key} is null` : Prisma.sql`${key} is not null`]
  // A bare `id` in ORDER BY would be the text that is selected, and no index is in its order. iDs are different anyway.
  const id = Prisma.sql`researcher.id ${direction}`
  const byKey = Prisma.sql`${key} ${direction}`
  const order = absent ? id : column === 'orcid' ? byKey : Prisma.sql`${byKey}, ${id}`
  if (after && absent) parts.push(Prisma.sql`id ${than} ${after.id}::uuid`)
  else if (after && column === 'orcid') parts.push(Prisma.sql`orcid ${than} ${after.key}`)
  else if (after) parts.push(Prisma.sql`(${key}, id) ${than} (${after.key}::${keyTypes[column]}, ${after.id}::uuid)`)
  const where = Prisma.join(parts, ' and ')
  const tried = fewTried(filters, column)
  // Without `offset 0` PostgreSQL would walk the order all the same.
  const all = (upTo: Prisma.Sql) => Prisma.sql`select id, ${columnNames[column]} from researcher where ${where} ${upTo}`
  const first = (of: Prisma.Sql) =>
    Prisma.sql`select researcher.id as page_id from ${of} order by ${order} limit ${limit}`
  const pages = {
    sort: Prisma.sql`page as materialized (${first(Prisma.sql`(${all(Prisma.sql`offset 0`)}) as researcher`)})`,
    walk: Prisma.sql`page as materialized (${first(Prisma.sql`researcher where ${where}`)})`,
    try: Prisma.sql`few as materialized (${all(Prisma.sql`limit ${tried + 1}`)}),
      page as materialized (
        (${first(Prisma.sql`few as researcher where (select count(*) from few) <= ${tried}`)})
        union all
        (${first(Prisma.sql`researcher where (select count(*) from few) > ${tried} and ${where}`)}))`,
  }
  const rows = await inLimitedTime<unknown[]>(Prisma.sql`
    with ${pages[way]}
    select id::text, orcid, registry::text, name, state::text, live_scopes as "liveScopes",
      connected_at as "connectedAt", expires_at as "expiresAt", withdrawn_at as "withdrawnAt",
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
  connectedAt: z.date().nullable(),
  expiresAt: z.date().nullable(),
  withdrawnAt: z.date().nullable(),
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
    ])
    .nullable(),
  unansweredSince: z.date().nullable(),
  primaryOrcid: z.string().nullable(),
  department: z.string().nullable(),
  localId: z.string().nullable(),
  conflict: z.boolean(),
  createdAt: z.date(),
})
