import 'server-only'
import { z } from 'zod'
import type { StaffActor, SystemActor } from '@/lib/actor'
import { db, inLimitedTime, Prisma } from '@/lib/db'
import { toCondition } from '@/lib/researchers/condition'
import { type ListFilters, type ListState, noFilters } from '@/lib/researchers/schema'

/** `exact` is false for an estimate. */
export type Count = { count: number; exact: boolean }

/**
 * How many researchers the filters let through; the cursor does not matter. From the tallies where they say it, counted
 * where PostgreSQL expects that to be cheap, and otherwise as many as PostgreSQL expects.
 */
export async function countResearchers(_actor: StaffActor | SystemActor, filters: ListFilters): Promise<Count> {
  const tallied = talliesOf(filters)
  if (tallied) {
    const [row] = await inLimitedTime<{ count: number }[]>(Prisma.sql`
      select coalesce(sum(delta), 0)::int as count from ${tallied} as researcher where ${toCondition(filters, 'tally')}`)
    return { count: row?.count ?? 0, exact: true }
  }
  const { cost, rows } = await plan(filters)
  if (cost > countableCost) return { count: rows, exact: false }
  const [row] = await inLimitedTime<{ count: number }[]>(
    Prisma.sql`select count(*)::int as count from researcher where ${toCondition(filters, 'count')}`,
  )
  return { count: row?.count ?? 0, exact: true }
}

/** In PostgreSQL's own unit, as it plans here: some milliseconds. */
const countableCost = 5_000

// The tallies, each with the columns of a researcher that they know.
const standings = Prisma.sql`(
  select delta, (key->>'state')::researcher_state as state, (key->>'finding')::finding as finding,
    (key->>'conflict')::boolean as conflict, case when (key->>'unanswered')::boolean then now() end as unanswered_since,
    array(select jsonb_array_elements_text(key->'scopes')) as live_scopes
  from tally where kind = 'standing')`
const departments = Prisma.sql`(
  select delta, (key->>'state')::researcher_state as state, key->>'department' as department
  from tally where kind = 'department')`

const plainStates: (ListState | null)[] = [null, 'connected', 'identity-only', 'withdrawn', 'expired']

/** The tallies that tell how many the filters let through; null where none does. */
function talliesOf(filters: ListFilters): Prisma.Sql | null {
  const { q, state, finding, scopes, lacks, department, sort: _sort, cursor: _cursor, ...others } = filters
  if (q || Object.values(others).some((value) => value !== null)) return null
  if (state === 'expiring' || finding === 'due') return null
  if (department === null) return standings
  const isPlain = plainStates.includes(state) && finding === null && scopes.length === 0 && lacks.length === 0
  return isPlain ? departments : null
}

/**
 * How many there are at most, by state, finding and scopes alone; null where the filters say nothing about these. Exact
 * and cheap, where the planner has to guess.
 */
export async function countAtMost({ scopes, lacks, ...filters }: ListFilters): Promise<number | null> {
  const state = filters.state === 'expiring' ? 'connected' : filters.state
  const finding = filters.finding === 'due' ? null : filters.finding
  if (state === null && finding === null && scopes.length === 0 && lacks.length === 0) return null
  const known = { ...noFilters, state, finding, scopes, lacks }
  const [row] = await db().$queryRaw<{ count: number }[]>`
    select coalesce(sum(delta), 0)::int as count from ${standings} as researcher where ${toCondition(known, 'tally')}`
  return row?.count ?? 0
}

const explained = z.tuple([z.object({ Plan: z.object({ 'Total Cost': z.number(), 'Plan Rows': z.number() }) })])

/** What PostgreSQL expects of counting them. */
export async function plan(filters: ListFilters): Promise<{ cost: number; rows: number }> {
  const [row] = await inLimitedTime<{ 'QUERY PLAN': unknown }[]>(
    Prisma.sql`explain (format json) select 1 from researcher where ${toCondition(filters, 'count')}`,
  )
  const [{ Plan }] = explained.parse(row?.['QUERY PLAN'])
  return { cost: Plan['Total Cost'], rows: Plan['Plan Rows'] }
}
