import 'server-only'
import type { StaffActor, SystemActor } from '@/lib/actor'
import { inLimitedTime, Prisma, type Tx } from '@/lib/db'
import { toCondition } from '@/lib/researchers/condition'
import type { ListFilters } from '@/lib/researchers/schema'

/** `exact` is false where there are more than that. */
export type Count = { count: number; exact: boolean }

const countedUpTo = 10_000

/** How many researchers the filters let through, counted up to 10,000; the cursor does not matter. */
export function countResearchers(
  _actor: StaffActor | SystemActor,
  filters: ListFilters,
  upTo = countedUpTo,
): Promise<Count> {
  return inLimitedTime((tx) => countRows(tx, filters, upTo))
}

export async function countRows(tx: Tx, filters: ListFilters, upTo = countedUpTo): Promise<Count> {
  const [row] = await tx.$queryRaw<{ count: number }[]>(countSql(filters, upTo))
  const count = row?.count ?? 0
  return { count: Math.min(count, upTo), exact: count <= upTo }
}

const countSql = (filters: ListFilters, upTo: number) => Prisma.sql`
  select count(*)::int as count
  from (select from researcher where ${toCondition(filters)} limit ${upTo + 1}) as found`
