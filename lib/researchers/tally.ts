import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { db } from '@/lib/db'
import { readTallies } from '@/lib/tally'

const state = z.enum(['connected', 'identity_only', 'withdrawn', 'expired'])
const standing = z.object({
  state,
  finding: z.string().nullable(),
  scopes: z.array(z.string()),
  conflict: z.boolean(),
  unanswered: z.boolean(),
})
const departmental = z.object({ department: z.string().nullable(), state })

type State = z.infer<typeof state>
export type Department = { department: string | null; connected: number; identityOnly: number; total: number }

export type ResearcherTallies = {
  byState: Record<State, number>
  /** By finding; `unchecked` are those with something live that was never checked. */
  byFinding: Record<string, number>
  /** Whom ORCID was asked about in vain last time. */
  unanswered: number
  byScopes: { scopes: string[]; state: State; count: number }[]
  /** The largest departments first; `null` are those without one. */
  byDepartment: Department[]
  /** What the departments that are not in `byDepartment` come to, and how many they are. */
  otherDepartments: Omit<Department, 'department'> & { departments: number }
  conflicts: number
}

const departmentsMax = 20

/** How many researchers there are of each sort, exact, at a cost that does not grow with them. */
export async function getResearcherTallies(_actor: StaffActor): Promise<ResearcherTallies> {
  const rows = await readTallies(['standing', 'department'])
  const standings = rows
    .filter(({ kind }) => kind === 'standing')
    .map(({ key, count }) => ({ ...standing.parse(key), count }))
  const departments = addUpDepartments(
    rows.filter(({ kind }) => kind === 'department').map(({ key, count }) => ({ ...departmental.parse(key), count })),
  )
  const sum = (of: typeof standings) => of.reduce((total, { count }) => total + count, 0)
  const others = departments.slice(departmentsMax)
  const total = (name: 'connected' | 'identityOnly' | 'total') => others.reduce((all, each) => all + each[name], 0)
  const ofState = (name: State) => sum(standings.filter((each) => each.state === name))
  return {
    byState: {
      connected: ofState('connected'),
      identity_only: ofState('identity_only'),
      withdrawn: ofState('withdrawn'),
      expired: ofState('expired'),
    },
    byFinding: addUp(standings.flatMap(({ finding, state, count }) => toFinding(finding, state, count))),
    unanswered: sum(standings.filter(({ unanswered }) => unanswered)),
    byScopes: addUpScopes(standings),
    byDepartment: departments.slice(0, departmentsMax),
    otherDepartments: {
      connected: total('connected'),
      identityOnly: total('identityOnly'),
      total: total('total'),
      departments: others.length,
    },
    conflicts: sum(standings.filter(({ conflict }) => conflict)),
  }
}

/** So many departments from one on, the largest of all being the first, and how many there are. */
export async function listDepartmentTallies(
  _actor: StaffActor,
  from: number,
  most: number,
): Promise<{ rows: Department[]; count: number }> {
  const tallies = await readTallies(['department'])
  const departments = addUpDepartments(tallies.map(({ key, count }) => ({ ...departmental.parse(key), count })))
  return { rows: departments.slice(from, from + most), count: departments.length }
}

const isLive = (name: State) => name === 'connected' || name === 'identity_only'

function toFinding(finding: string | null, state: State, count: number): [string, number][] {
  if (finding) return [[finding, count]]
  return isLive(state) ? [['unchecked', count]] : []
}

function addUp(pairs: [string, number][]): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const [name, count] of pairs) sums[name] = (sums[name] ?? 0) + count
  return sums
}

function addUpScopes(standings: { scopes: string[]; state: State; count: number }[]): ResearcherTallies['byScopes'] {
  const sums = addUp(standings.map(({ scopes, state, count }) => [JSON.stringify([scopes, state]), count]))
  return Object.entries(sums)
    .map(([name, count]) => {
      const [scopes, state] = JSON.parse(name) as [string[], State]
      return { scopes, state, count }
    })
    .sort((a, b) => b.count - a.count)
}

function addUpDepartments(rows: { department: string | null; state: State; count: number }[]): Department[] {
  const found = new Map<string | null, Department>()
  for (const { department, state, count } of rows) {
    const sums = found.get(department) ?? { department, connected: 0, identityOnly: 0, total: 0 }
    if (state === 'connected') sums.connected += count
    if (state === 'identity_only') sums.identityOnly += count
    sums.total += count
    found.set(department, sums)
  }
  return [...found.values()].sort((a, b) => b.total - a.total)
}

/** How many of those who are connected did so last on each day, `2026-11-22` in UTC. Days without are left out. */
export function getConnectionsByDay(_actor: StaffActor): Promise<{ day: string; count: number }[]> {
  return db().$queryRaw`
    select day::text, sum(delta)::int as count from tally where kind = 'connected'
    group by tally.day having sum(delta) <> 0`
}

/** How many connections end before a moment. */
export function countExpiring(_actor: StaffActor, before: Date): Promise<number> {
  return db().researcher.count({ where: { state: 'connected', expiresAt: { lt: before } } })
}
