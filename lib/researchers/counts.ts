import 'server-only'
import type { StaffActor, SystemActor } from '@/lib/actor'
import { Prisma, type Tx, withListTimeout } from '@/lib/db'
import { toCondition } from '@/lib/researchers/condition'
import type { ListFilters } from '@/lib/researchers/schema'

/** `exact` is false if there are more. */
export type Count = { count: number; exact: boolean }

/** Counts stop here. */
export const countedMax = 10_000

/** Counts matching researchers up to `upTo`, by default 10,000; ignores the cursor. */
export function countResearchers(
  _actor: StaffActor | SystemActor,
  filters: ListFilters,
  upTo = countedMax,
): Promise<Count> {
  return withListTimeout((tx) => countRows(tx, filters, upTo))
}

/** People who match, counted up to `upTo`. */
export async function countRows(tx: Tx, filters: ListFilters, upTo = countedMax): Promise<Count> {
  const [row] = await tx.$queryRaw<{ count: number }[]>(countSql(filters, upTo))
  const count = row?.count ?? 0
  return { count: Math.min(count, upTo), exact: count <= upTo }
}

const countSql = (filters: ListFilters, upTo: number) => Prisma.sql`
  select count(*)::int as count
  from (select from researcher where ${toCondition(filters)} limit ${upTo + 1}) as found`
