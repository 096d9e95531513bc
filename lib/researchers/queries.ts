import 'server-only'
import type { ResearcherActor, StaffActor } from '@/lib/actor'
import { db, Prisma } from '@/lib/db'
import { toCondition } from '@/lib/researchers/condition'
import { daysAgo, isAuthenticated } from '@/lib/researchers/researcher'
import { fetchRows, keyOf } from '@/lib/researchers/rows'
import { type Cursor, columnOf, type ListFilters, listFindings, noFilters } from '@/lib/researchers/schema'

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

export type Tally = { filters: ListFilters; count: number }

/** What the overview tells, each number with the filters of the list that shows its rows. One pass over the table. */
export async function getOverview(_actor: StaffActor, scopes: readonly string[], now = new Date()) {
  const named = {
    everybody: noFilters,
    connected: { ...noFilters, state: 'connected' },
    identityOnly: { ...noFilters, state: 'identity-only' },
    withdrawn: { ...noFilters, state: 'withdrawn' },
    expiring: { ...noFilters, state: 'expiring', sort: 'expires' },
    connectedLately: { ...noFilters, connectedFrom: daysAgo(30, now) },
    withdrawnLately: { ...noFilters, state: 'withdrawn', withdrawnSince: daysAgo(7, now) },
    askAgain: { ...noFilters, lacks: [...scopes].sort() },
  } satisfies Record<string, ListFilters>
  const byScope = Object.fromEntries(scopes.map((scope) => [scope, { ...noFilters, scopes: [scope] }]))
  const byFinding = Object.fromEntries(listFindings.map((finding) => [finding, { ...noFilters, finding }]))
  const counts = await countByFilter({ ...byScope, ...byFinding, ...named })
  const tally = (name: keyof typeof named): Tally => ({ filters: named[name], count: counts[name] ?? 0 })
  return {
    everybody: tally('everybody'),
    connected: tally('connected'),
    identityOnly: tally('identityOnly'),
    withdrawn: tally('withdrawn'),
    expiring: tally('expiring'),
    connectedLately: tally('connectedLately'),
    withdrawnLately: tally('withdrawnLately'),
    askAgain: tally('askAgain'),
    findings: listFindings.map((finding) => ({
      finding,
      filters: { ...noFilters, finding },
      count: counts[finding] ?? 0,
    })),
    permissions: Object.entries(byScope).map(([scope, filters]) => ({ scope, filters, count: counts[scope] ?? 0 })),
  }
}

async function countByFilter(filters: Record<string, ListFilters>): Promise<Record<string, number>> {
  const counts = Object.entries(filters).map(
    ([name, each]) => Prisma.sql`${name}::text, count(*) filter (where ${toCondition(each)})`,
  )
  const [row] = await db().$queryRaw<{ counts: Record<string, number> }[]>`
    select json_build_object(${Prisma.join(counts)}) as counts from researcher`
  return row?.counts ?? {}
}
