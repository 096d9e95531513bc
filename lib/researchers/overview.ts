import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { daysAgo } from '@/lib/day'
import { db, Prisma, queryRows } from '@/lib/db'
import { countCached } from '@/lib/figures/cached-count'
import { scopeClosure } from '@/lib/orcid/scopes'
import { toCondition } from '@/lib/researchers/condition'
import { type ListFilters, type ListFinding, listFindings, noDepartment, noFilters } from '@/lib/researchers/schema'
import { countByStatus, countDepartments, type Department, type StatusCount } from '@/lib/researchers/status-counts'

/** A number with the filters of the list that shows its rows. */
export type LinkedCount = { filters: ListFilters; count: number }

// `due` depends on the current time, so the status counts do not have it.
const shownFindings = listFindings.filter((finding) => finding !== 'due')

const latelyDays = { connected: 30, withdrawn: 7 }
const departmentsMax = 20

/** `scopes`: the scopes that Concord asks for. `at`: when the rows were counted. */
export async function getOverview(actor: StaffActor, scopes: readonly string[], now = new Date()) {
  const lately = { ...noFilters, connectedFrom: daysAgo(latelyDays.connected, now) }
  const withdrawn = { ...noFilters, withdrawnSince: daysAgo(latelyDays.withdrawn, now) }
  const ranges = {
    expiring: { ...noFilters, state: 'expiring', sort: 'expires' },
    connectedLately: lately,
    withdrawnAtOrcid: { ...withdrawn, state: 'withdrawn-at-orcid' },
    withdrawnHere: { ...withdrawn, state: 'withdrawn-here' },
  } as const satisfies Record<string, ListFilters>
  const [people, { value: departments }] = await Promise.all([
    countCached('people', async () => ({
      statusCounts: await countByStatus(),
      ranges: await countRanges(actor, ranges),
    })),
    countDepartments(actor),
  ])
  const { statusCounts, ranges: inRanges } = people.value
  const linkedCount = (filters: Partial<ListFilters>, test: (each: StatusCount) => boolean): LinkedCount => ({
    filters: { ...noFilters, ...filters },
    count: statusCounts.reduce((sum, each) => (test(each) ? sum + each.count : sum), 0),
  })
  const others = departments.slice(departmentsMax)
  return {
    at: people.at,
    // Every permission includes `openid`.
    authenticated: linkedCount({ scopes: ['openid'] }, (each) => each.scopes.includes('openid')),
    connected: linkedCount({ state: 'connected' }, ({ state }) => state === 'connected'),
    identityOnly: linkedCount({ state: 'identity-only' }, ({ state }) => state === 'identity_only'),
    withdrawn: linkedCount({ state: 'withdrawn' }, ({ state }) => state === 'withdrawn'),
    expired: linkedCount({ state: 'expired' }, ({ state }) => state === 'expired'),
    conflict: linkedCount({ state: 'conflict' }, ({ conflict }) => conflict),
    expiring: { filters: ranges.expiring, count: inRanges.expiring },
    connectedLately: { filters: ranges.connectedLately, count: inRanges.connectedLately },
    withdrawnAtOrcid: { filters: ranges.withdrawnAtOrcid, count: inRanges.withdrawnAtOrcid },
    withdrawnHere: { filters: ranges.withdrawnHere, count: inRanges.withdrawnHere },
    askAgain: linkedCount({ lacks: [...scopes].sort() }, (each) => lacks(each, scopes)),
    findings: shownFindings.map((finding) => ({
      finding,
      ...linkedCount({ finding }, (each) => isFound(each, finding)),
    })),
    permissions: scopes.map((scope) => ({
      scope,
      ...linkedCount({ scopes: [scope] }, (each) => each.scopes.includes(scope)),
    })),
    departments: departments.slice(0, departmentsMax).map(withFilters),
    otherDepartments: { ...addUp(others), departments: others.length },
  }
}

export type Overview = Awaited<ReturnType<typeof getOverview>>

const departmentsPerPage = 100

/** 100 departments from index `from`, largest first, and the total number. */
export async function listDepartmentPage(actor: StaffActor, from: number) {
  const { value: departments } = await countDepartments(actor)
  const next = from + departmentsPerPage
  return {
    rows: departments.slice(from, next).map(withFilters),
    count: departments.length,
    previous: from > 0 ? Math.max(0, from - departmentsPerPage) : null,
    next: next < departments.length ? next : null,
  }
}

const withFilters = ({ department, ...counts }: Department) => ({
  department,
  filters: { ...noFilters, department: department ?? noDepartment },
  ...counts,
})

export type DepartmentCount = ReturnType<typeof withFilters>

function addUp(departments: readonly Department[]): Omit<Department, 'department'> {
  const sum = (name: 'connected' | 'identityOnly' | 'total') => departments.reduce((all, each) => all + each[name], 0)
  return { connected: sum('connected'), identityOnly: sum('identityOnly'), total: sum('total') }
}

/** Each condition is one range of an index. */
async function countRanges<Name extends string>(
  actor: StaffActor,
  ranges: Record<Name, ListFilters>,
): Promise<Record<Name, number>> {
  const names = Object.keys(ranges) as Name[]
  const counts = names.map(
    (name) => Prisma.sql`(select count(*)::int from person where ${toCondition(actor, ranges[name])})`,
  )
  const [row] = await queryRows(
    db(),
    z.object({ counts: z.array(z.number()) }),
    Prisma.sql`select array[${Prisma.join(counts)}] as counts`,
  )
  return Object.fromEntries(names.map((name, i) => [name, row?.counts[i] ?? 0])) as Record<Name, number>
}

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
