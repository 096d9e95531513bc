import 'server-only'
import { z } from 'zod'
import type { StaffActor, SystemActor } from '@/lib/actor'
import { inLimitedTime, Prisma } from '@/lib/db'
import { toCondition } from '@/lib/researchers/condition'
import type { ListFilters } from '@/lib/researchers/schema'

/** `exact` is false for an estimate. */
export type Count = { count: number; exact: boolean }

/** What there is more of is not counted to the end. */
export const countedMax = 10_000

/** How many researchers the filters let through; the cursor does not matter. Not exact where there are more than 10,000. */
export async function countResearchers(_actor: StaffActor | SystemActor, filters: ListFilters): Promise<Count> {
  const [row] = await inLimitedTime<{ count: number }[]>(
    Prisma.sql`select count(*)::int as count from (
      select from researcher where ${toCondition(filters, 'count')} limit ${countedMax + 1}) as found`,
  )
  const count = row?.count ?? 0
  return { count: Math.min(count, countedMax), exact: count <= countedMax }
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
