import 'server-only'
import type { StaffActor } from '@/lib/actor'
import { db } from '@/lib/db'
import { scopeClosure } from '@/lib/orcid/scopes'
import { toCondition } from '@/lib/researchers/condition'
import { daysAgo, expiringWithinYears } from '@/lib/researchers/researcher'
import {
  type ListFilters,
  type ListFinding,
  type ListState,
  listFindings,
  noDepartment,
  noFilters,
} from '@/lib/researchers/schema'
import {
  countExpiring,
  type Department,
  getConnectionsByDay,
  getResearcherTallies,
  listDepartmentTallies,
  type ResearcherTallies,
} from '@/lib/researchers/tally'

/** A number with the filters of the list that shows its rows. */
export type Tally = { filters: ListFilters; count: number }

// Who is due for a check changes with time alone.
const tallied = listFindings.filter((finding) => finding !== 'due')

/** So many days are `lately`. */
const latelyDays = { connected: 30, withdrawn: 7 }

/**
 * What the overview tells about people: from what is counted as rows change, and from the ends of indexes, so that it
 * costs the same however many there are. `scopes` are those that are asked for.
 */
export async function getOverview(actor: StaffActor, scopes: readonly string[], now = new Date()) {
  const lately = { ...noFilters, connectedFrom: daysAgo(latelyDays.connected, now) }
  const since = daysAgo(latelyDays.withdrawn, now)
  const [tallies, expiring, days, withdrawnAtOrcid, withdrawnHere] = await Promise.all([
    getResearcherTallies(actor),
    countExpiring(actor, endOfSoon(now)),
    getConnectionsByDay(actor),
    countWithdrawn('withdrawn-at-orcid', since),
    countWithdrawn('withdrawn-here', since),
  ])
  const { byState, conflicts } = tallies
  const ofState = (state: ListState, count: number): Tally => ({ filters: { ...noFilters, state }, count })
  return {
    connected: ofState('connected', byState.connected),
    identityOnly: ofState('identity-only', byState.identity_only),
    withdrawn: ofState('withdrawn', byState.withdrawn),
    expired: ofState('expired', byState.expired),
    conflict: ofState('conflict', conflicts),
    expiring: { filters: { ...noFilters, state: 'expiring', sort: 'expires' }, count: expiring } satisfies Tally,
    connectedLately: { filters: lately, count: sum(days.filter(({ day }) => day >= lately.connectedFrom)) },
    withdrawnAtOrcid,
    withdrawnHere,
    askAgain: { filters: { ...noFilters, lacks: [...scopes].sort() }, count: countLacking(tallies, scopes) },
    findings: tallied.map((finding) => ({
      finding,
      filters: { ...noFilters, finding },
      count: countFinding(tallies, finding),
    })),
    permissions: scopes.map((scope) => ({
      scope,
      filters: { ...noFilters, scopes: [scope] },
      count: sum(tallies.byScopes.filter((each) => each.scopes.includes(scope))),
    })),
    departments: tallies.byDepartment.map(withFilters),
    otherDepartments: tallies.otherDepartments,
    /** Those who are connected, by the day on which they connected. */
    days,
  }
}

export type Overview = Awaited<ReturnType<typeof getOverview>>

const departmentsAtOnce = 100

/** The departments from one on, the largest of all being number 0, and how many there are. */
export async function listDepartmentPage(actor: StaffActor, from: number) {
  const { rows, count } = await listDepartmentTallies(actor, from, departmentsAtOnce)
  const next = from + rows.length
  return {
    rows: rows.map(withFilters),
    count,
    previous: from > 0 ? Math.max(0, from - departmentsAtOnce) : null,
    next: rows.length > 0 && next < count ? next : null,
  }
}

/** A department with the filters of the list that shows its people. */
const withFilters = ({ department, ...counts }: Department) => ({
  department,
  filters: { ...noFilters, department: department ?? noDepartment },
  ...counts,
})

export type DepartmentTally = ReturnType<typeof withFilters>

const sum = (of: readonly { count: number }[]) => of.reduce((total, { count }) => total + count, 0)

function endOfSoon(now: Date): Date {
  const end = new Date(now)
  end.setUTCFullYear(end.getUTCFullYear() + expiringWithinYears)
  return end
}

/** Those who withdrew since a day: few, and next to one another in an index. */
async function countWithdrawn(state: ListState, withdrawnSince: string): Promise<Tally> {
  const filters = { ...noFilters, state, withdrawnSince }
  const [row] = await db().$queryRaw<{ count: number }[]>`
    select count(*)::int as count from researcher where ${toCondition(filters)}`
  return { filters, count: row?.count ?? 0 }
}

function countLacking({ byScopes }: ResearcherTallies, scopes: readonly string[]): number {
  const lacks = (granted: readonly string[]) => {
    const permitted = scopeClosure(granted)
    return scopes.some((scope) => !permitted.has(scope))
  }
  return sum(byScopes.filter((each) => each.state === 'connected' && lacks(each.scopes)))
}

const storedAs: Partial<Record<ListFinding, string>> = {
  locked: 'record_locked',
  deprecated: 'record_deprecated',
  deactivated: 'record_deactivated',
}

function countFinding({ byFinding, unanswered }: ResearcherTallies, finding: ListFinding): number {
  if (finding === 'unanswered') return unanswered
  return byFinding[storedAs[finding] ?? finding.replaceAll('-', '_')] ?? 0
}
