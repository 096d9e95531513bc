import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { daysAgo } from '@/lib/config/day'
import { db, Prisma, queryRows } from '@/lib/db'
import { countCached } from '@/lib/figures/cached-count'
import { scopeClosure } from '@/lib/orcid/scopes'
import { toCondition } from '@/lib/researchers/condition'
import { type ListFilters, type ListFinding, listFindings, noFilters } from '@/lib/researchers/schema'
import { countByStatus, type StatusCount } from '@/lib/researchers/status-counts'

/** A number with the filters of the list that shows its rows. */
export type LinkedCount = { filters: ListFilters; count: number }

// `due` depends on the current time, so the status counts do not have it.
const shownFindings = listFindings.filter((finding) => finding !== 'due')

const latelyDays = { connected: 30, withdrawn: 7 }

/** `scopes`: the scopes that Concord asks for. `at`: when the rows were counted. */
export async function getOverview(actor: StaffActor, scopes: readonly string[], now = new Date()) {
  const lately = { ...noFilters, connectedFrom: daysAgo(latelyDays.connected, now) }
  const withdrawn = { ...noFilters, withdrawnSince: daysAgo(latelyDays.withdrawn, now) }
  const expiring: ListFilters = { ...noFilters, state: 'expiring', sort: 'expires' }
  const [connectedAt, withdrewAt] = [Prisma.sql`first_connected_at`, Prisma.sql`withdrew_at`]
  const ranges = {
    expiring: { filters: expiring, time: Prisma.sql`expires_at` },
    connectedLately: { filters: lately, time: connectedAt },
    withdrawnAtOrcid: { filters: { ...withdrawn, state: 'withdrawn-at-orcid' } as ListFilters, time: withdrewAt },
    withdrawnHere: { filters: { ...withdrawn, state: 'withdrawn-here' } as ListFilters, time: withdrewAt },
  }
  const people = await countCached('people', async () => {
    const [statusCounts, counted] = await Promise.all([countByStatus(), countRanges(actor, ranges)])
    return { statusCounts, ranges: counted }
  })
  const { statusCounts, ranges: inRanges } = people.value
  const linkedCount = (filters: Partial<ListFilters>, test: (each: StatusCount) => boolean): LinkedCount => ({
    filters: { ...noFilters, ...filters },
    count: statusCounts.reduce((sum, each) => (test(each) ? sum + each.count : sum), 0),
  })
  return {
    at: people.at,
    // Every permission includes `openid`.
    authenticated: linkedCount({ scopes: ['openid'] }, (each) => each.scopes.includes('openid')),
    connected: linkedCount({ state: 'connected' }, ({ state }) => state === 'connected'),
    identityOnly: linkedCount({ state: 'identity-only' }, ({ state }) => state === 'identity_only'),
    withdrawn: linkedCount({ state: 'withdrawn' }, ({ state }) => state === 'withdrawn'),
    expired: linkedCount({ state: 'expired' }, ({ state }) => state === 'expired'),
    conflict: linkedCount({ state: 'conflict' }, ({ conflict }) => conflict),
    expiring: { filters: ranges.expiring.filters, ...inRanges.expiring },
    connectedLately: { filters: ranges.connectedLately.filters, ...inRanges.connectedLately },
    withdrawnAtOrcid: { filters: ranges.withdrawnAtOrcid.filters, ...inRanges.withdrawnAtOrcid },
    withdrawnHere: { filters: ranges.withdrawnHere.filters, ...inRanges.withdrawnHere },
    askAgain: linkedCount({ lacks: [...scopes].sort() }, (each) => lacks(each, scopes)),
    findings: shownFindings.map((finding) => ({
      finding,
      ...linkedCount({ finding }, (each) => isFound(each, finding)),
    })),
    permissions: scopes.map((scope) => ({
      scope,
      ...linkedCount({ scopes: [scope] }, (each) => each.scopes.includes(scope)),
    })),
  }
}

export type Overview = Awaited<ReturnType<typeof getOverview>>

/** The rows of a range, and the last of the times by which they are found. */
type RangeCount = { count: number; lastAt: Date | null }

/** Each condition is one range of an index, which has the time as well. */
async function countRanges<Name extends string>(
  actor: StaffActor,
  ranges: Record<Name, { filters: ListFilters; time: Prisma.Sql }>,
): Promise<Record<Name, RangeCount>> {
  const names = Object.keys(ranges) as Name[]
  const counts = names.map((name) => {
    const { filters, time } = ranges[name]
    return Prisma.sql`
      select ${name} as name, count(*)::int as count, max(${time}) as "lastAt" from person where ${toCondition(actor, filters)}`
  })
  const rows = await queryRows(db(), rangeRow, Prisma.join(counts, ' union all '))
  return Object.fromEntries(rows.map(({ name, ...counted }) => [name, counted])) as Record<Name, RangeCount>
}

const rangeRow = z.object({ name: z.string(), count: z.number(), lastAt: z.date().nullable() })

function lacks({ state, scopes: granted }: StatusCount, scopes: readonly string[]): boolean {
  if (state !== 'connected') return false
  const permitted = scopeClosure(granted)
  return scopes.some((scope) => !permitted.has(scope))
}

const storedAs: Partial<Record<ListFinding, string>> = {
  locked: 'record_locked',
  deprecated: 'record_deprecated',
  deactivated: 'record_deactivated',
}

function isFound({ scopes, finding, checked, unanswered }: StatusCount, wanted: ListFinding): boolean {
  if (wanted === 'unanswered') return unanswered
  if (wanted === 'unchecked') return scopes.length > 0 && !checked
  return finding === (storedAs[wanted] ?? wanted.replaceAll('-', '_'))
}
