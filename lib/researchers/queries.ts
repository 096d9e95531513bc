import 'server-only'
import type { ResearcherActor, StaffActor } from '@/lib/actor'
import { db, type Prisma, type Queryable, withListTimeout } from '@/lib/db'
import { type Page, paginate } from '@/lib/list/pagination'
import { isLimited, seenBy } from '@/lib/list/visible'
import { type Count, countRows } from '@/lib/researchers/counts'
import { isAuthenticated } from '@/lib/researchers/researcher'
import { fetchRows, keyOf, type ShownResearcher } from '@/lib/researchers/rows'
import { type Cursor, columnOf, type ListFilters, sortOf } from '@/lib/researchers/schema'

const shown = {
  id: true,
  researcherId: true,
  orcid: true,
  registry: true,
  name: true,
  connection: true,
  liveScopes: true,
  firstConnectedAt: true,
  lastConfirmedAt: true,
  expiresAt: true,
  withdrewAt: true,
  lastCheckedAt: true,
  finding: true,
  unansweredSince: true,
  primaryOrcid: true,
  department: true,
  localId: true,
  conflict: true,
  authenticatedAt: true,
} satisfies Prisma.PersonSelect

/** The researcher who asks, with the name that ORCID gave, or null. */
export async function findMyResearcher(actor: ResearcherActor) {
  const select = { ...shown, orcidName: true, liveScopesGivenAt: true }
  const row = await db().person.findUnique({ where: { researcherId: actor.researcherId }, select })
  if (!row) return null
  const { orcidName, liveScopesGivenAt, ...rest } = row
  const researcher = toShown(rest)
  return researcher && { ...researcher, name: orcidName, liveScopesGivenAt }
}

/** `orcid` is the bare iD. Null outside the actor's departments, and to all but administrators if confidential. */
export async function findResearcher(actor: StaffActor, orcid: string): Promise<ShownResearcher | null> {
  const found = toShown(await db().person.findUnique({ where: { orcid, ...seenBy(actor) }, select: shown }))
  return found && isLimited(actor) ? { ...found, conflict: false } : found
}

/** Null for a person without an iD. */
function toShown(row: Prisma.PersonGetPayload<{ select: typeof shown }> | null): ShownResearcher | null {
  if (!row?.researcherId || !row.orcid || !row.registry || !row.connection || !row.authenticatedAt) return null
  const { id: personId, researcherId: id, connection: state, orcid, registry, authenticatedAt, ...rest } = row
  return { ...rest, id, personId, orcid, registry, state, authenticatedAt }
}

/** `into`: the primary iD that ORCID merged this one into. `from`: iDs merged into this one. */
export type Merger = { into: { orcid: string; isHere: boolean } | null; from: string[] }

/** Mergers of iDs of the researcher who asks. */
export function findMyMerger(actor: ResearcherActor): Promise<Merger> {
  return findMerger(actor.researcherId)
}

/** Mergers of iDs of a researcher. */
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

/** Filters iDs by `isAuthenticated`. */
export async function listAuthenticated(_actor: StaffActor, orcids: readonly string[]): Promise<string[]> {
  const rows = await db().researcher.findMany({
    where: { orcid: { in: [...orcids] } },
    select: { orcid: true, liveScopes: true, finding: true },
  })
  return rows.filter(isAuthenticated).map(({ orcid }) => orcid)
}

export const pageSize = 50

/** `from`: rows before this page, as far as known. `count`: rows on all pages. */
export type ResearcherPage = Page<ShownResearcher, Cursor> & { from: number; count: Count }

/** 50 rows from the cursor in `filters`, or from the beginning. */
export function listResearchers(actor: StaffActor, filters: ListFilters): Promise<ResearcherPage> {
  return withListTimeout((tx) => readPage(tx, actor, filters))
}

async function readPage(tx: Queryable, actor: StaffActor, filters: ListFilters): Promise<ResearcherPage> {
  const { cursor } = filters
  const sort = sortOf(filters)
  const count = await countRows(tx, actor, filters)
  const { rows, next, previous } = await paginate<ShownResearcher, Cursor>({
    size: pageSize,
    cursor,
    cursorOf: (row, go) => ({ sort, go, key: keyOf(row, columnOf(sort)), id: row.personId, from: 0 }),
    read: (from, limit) => fetchRows(tx, { actor, filters, from, limit, areFew: count.exact }),
  })
  const from = previous && cursor ? cursor.from : 0
  return {
    rows,
    from,
    count,
    next: next && { ...next, from: from + rows.length },
    previous: previous && { ...previous, from: Math.max(0, from - pageSize) },
  }
}
