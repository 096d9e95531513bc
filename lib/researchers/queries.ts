import 'server-only'
import { z } from 'zod'
import type { ResearcherActor, StaffActor } from '@/lib/actor'
import { db, Prisma } from '@/lib/db'
import { toCondition } from '@/lib/researchers/condition'
import { isAuthenticated } from '@/lib/researchers/researcher'
import { type Cursor, columnOf, type ListFilters, type SortColumn } from '@/lib/researchers/schema'

const shown = {
  id: true,
  orcid: true,
  registry: true,
  name: true,
  state: true,
  liveScopes: true,
  connectedAt: true,
  expiresAt: true,
  withdrawnAt: true,
  lastCheckedAt: true,
  finding: true,
  unansweredSince: true,
  primaryOrcid: true,
  department: true,
  localId: true,
  conflict: true,
  createdAt: true,
} satisfies Prisma.ResearcherSelect

export type ShownResearcher = Prisma.ResearcherGetPayload<{ select: typeof shown }>

/** The row of the researcher who asks. */
export function findMyResearcher(actor: ResearcherActor): Promise<ShownResearcher | null> {
  return db().researcher.findUnique({ where: { id: actor.researcherId }, select: shown })
}

/** The researcher with this bare iD, or null. */
export function findResearcher(_actor: StaffActor, orcid: string): Promise<ShownResearcher | null> {
  return db().researcher.findUnique({ where: { orcid }, select: shown })
}

export type Merger = { into: { orcid: string; isHere: boolean } | null; from: string[] }

/** Which iD ORCID merged that of the researcher who asks into, and which ones it merged into theirs. */
export function findMyMerger(actor: ResearcherActor): Promise<Merger> {
  return findMerger(actor.researcherId)
}

/** Which iD ORCID merged somebody's into, whether its owner has connected with that one, and what was merged into theirs. */
export function findMergerOf(_actor: StaffActor, researcherId: string): Promise<Merger> {
  return findMerger(researcherId)
}

async function findMerger(id: string): Promise<Merger> {
  const row = await db().researcher.findUnique({
    where: { id },
    select: { primaryOrcid: true, mergedIntoId: true, merged: { orderBy: { orcid: 'asc' }, select: { orcid: true } } },
  })
  return {
    into: row?.primaryOrcid ? { orcid: row.primaryOrcid, isHere: row.mergedIntoId !== null } : null,
    from: row?.merged.map(({ orcid }) => orcid) ?? [],
  }
}

/** Which of these iDs ORCID vouches for now. */
export async function listAuthenticated(_actor: StaffActor, orcids: readonly string[]): Promise<string[]> {
  const rows = await db().researcher.findMany({
    where: { orcid: { in: [...orcids] } },
    select: { orcid: true, state: true, finding: true },
  })
  return rows.filter(isAuthenticated).map(({ orcid }) => orcid)
}

export const pageSize = 50

export type ResearcherPage = {
  rows: ShownResearcher[]
  /** How many rows came before the first one, as far as known. */
  from: number
  next: Cursor | null
  previous: Cursor | null
}

/**
 * One page of the list, at most 50 rows, from the cursor in `filters` or from the beginning. Going on from each `next`
 * visits every row once, whatever is inserted meanwhile. A cursor behind which nothing is left leads to the beginning.
 */
export async function listResearchers(actor: StaffActor, filters: ListFilters): Promise<ResearcherPage> {
  const { cursor, sort } = filters
  const back = cursor?.go === 'previous'
  const found = await fetchRows(filters, cursor, pageSize + 1)
  if (found.length === 0 && cursor) return listResearchers(actor, { ...filters, cursor: null })
  const more = found.length > pageSize
  const rows = found.slice(0, pageSize)
  if (back) rows.reverse()
  const from = back && !more ? 0 : (cursor?.from ?? 0)
  const at = (row: ShownResearcher | undefined, go: Cursor['go'], before: number): Cursor | null =>
    row ? { sort, go, key: keyOf(row, columnOf(sort)), id: row.id, from: Math.max(0, before) } : null
  return {
    rows,
    from,
    next: back || more ? at(rows.at(-1), 'next', from + rows.length) : null,
    previous: (back && more) || (cursor && !back) ? at(rows[0], 'previous', from - pageSize) : null,
  }
}

/** How many researchers the filters let through; the cursor does not matter. */
export async function countResearchers(_actor: StaffActor, filters: ListFilters): Promise<number> {
  const [row] = await db().$queryRaw<{ count: number }[]>`
    select count(*)::int as count from researcher where ${toCondition(filters)}`
  return row?.count ?? 0
}

/**
 * All researchers that the filters let through, in batches, ordered by iD whatever the filters say: an iD never
 * changes, so nobody is met twice or left out because something about them changed on the way.
 */
export async function* walkResearchers(
  _actor: StaffActor,
  filters: ListFilters,
  batchSize: number,
): AsyncGenerator<ShownResearcher[]> {
  const byOrcid: ListFilters = { ...filters, sort: 'orcid', cursor: null }
  let after: Cursor | null = null
  for (;;) {
    const rows: ShownResearcher[] = await fetchRows(byOrcid, after, batchSize)
    if (rows.length > 0) yield rows
    const last = rows.at(-1)
    if (!last || rows.length < batchSize) return
    after = { sort: 'orcid', go: 'next', key: last.orcid, id: last.id, from: 0 }
  }
}

// One collation for every database, whatever the operator's default is: letters of all scripts in dictionary order.
const columns: Record<SortColumn, Prisma.Sql> = {
  name: Prisma.sql`name collate "und-x-icu"`,
  connected: Prisma.sql`connected_at`,
  expires: Prisma.sql`expires_at`,
  checked: Prisma.sql`last_checked_at`,
  orcid: Prisma.sql`orcid`,
}
const keyTypes: Record<SortColumn, Prisma.Sql> = {
  name: Prisma.sql`text`,
  connected: Prisma.sql`timestamptz`,
  expires: Prisma.sql`timestamptz`,
  checked: Prisma.sql`timestamptz`,
  orcid: Prisma.sql`text`,
}

const timeFields = { connected: 'connectedAt', expires: 'expiresAt', checked: 'lastCheckedAt' } as const

function keyOf(row: ShownResearcher, column: SortColumn): string | null {
  if (column === 'name' || column === 'orcid') return row[column]
  return row[timeFields[column]]?.toISOString() ?? null
}

/**
 * The next `limit` rows from a cursor, in walking order. Rows without a value come last in either direction, so the
 * list is two stretches, those with one and those without. Each is a range of the index on (column, id): a page costs
 * the same wherever it is.
 */
async function fetchRows(filters: ListFilters, from: Cursor | null, limit: number): Promise<ShownResearcher[]> {
  const column = columnOf(filters.sort)
  const back = from?.go === 'previous'
  const stretches = column === 'orcid' ? ['present'] : ['present', 'absent']
  if (back) stretches.reverse()
  const first = from?.key === null ? stretches.indexOf('absent') : from ? stretches.indexOf('present') : 0
  const descending = filters.sort.startsWith('-') !== back
  const rows: ShownResearcher[] = []
  for (const [position, stretch] of stretches.entries()) {
    if (position < first || rows.length >= limit) continue
    const after = position === first ? from : null
    rows.push(...(await fetchStretch({ filters, column, stretch, descending, after, limit: limit - rows.length })))
  }
  return rows
}

type Stretch = {
  filters: ListFilters
  column: SortColumn
  stretch: string
  descending: boolean
  after: Cursor | null
  limit: number
}

async function fetchStretch({
  filters,
  column,
  stretch,
  descending,
  after,
  limit,
}: Stretch): Promise<ShownResearcher[]> {
  const key = columns[column]
  const absent = stretch === 'absent'
  const than = Prisma.raw(descending ? '<' : '>')
  const direction = Prisma.raw(descending ? 'desc' : 'asc')
  const parts = [toCondition(filters), absent ? Prisma.sql`${key} is null` : Prisma.sql`${key} is not null`]
  if (after && absent) parts.push(Prisma.sql`id ${than} ${after.id}::uuid`)
  if (after && !absent)
    parts.push(Prisma.sql`(${key}, id) ${than} (${after.key}::${keyTypes[column]}, ${after.id}::uuid)`)
  // A bare `id` in ORDER BY would be the text that is selected, and no index is in its order.
  const rows = await db().$queryRaw<unknown[]>`
    select id::text, orcid, registry::text, name, state::text, live_scopes as "liveScopes",
      connected_at as "connectedAt", expires_at as "expiresAt", withdrawn_at as "withdrawnAt",
      last_checked_at as "lastCheckedAt", finding::text, unanswered_since as "unansweredSince",
      primary_orcid as "primaryOrcid", department, local_id as "localId", conflict, created_at as "createdAt"
    from researcher
    where ${Prisma.join(parts, ' and ')}
    order by ${key} ${direction}, researcher.id ${direction}
    limit ${limit}`
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
