import 'server-only'
import type { ResearcherActor, StaffActor } from '@/lib/actor'
import { db, type Prisma } from '@/lib/db'
import { isAuthenticated } from '@/lib/researchers/researcher'
import { fetchRows, keyOf } from '@/lib/researchers/rows'
import { type Cursor, columnOf, type ListFilters } from '@/lib/researchers/schema'

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
