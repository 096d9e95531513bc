import 'server-only'
import { z } from 'zod'
import type { StaffActor, SystemActor } from '@/lib/actor'
import { Prisma, type Queryable, queryRows, withListTimeout } from '@/lib/db'
import { countedMax } from '@/lib/list/count'
import { toCondition } from '@/lib/researchers/condition'
import type { ListFilters } from '@/lib/researchers/schema'

/** `exact` is false if there are more. */
export type Count = { count: number; exact: boolean }

/** Counts matching researchers up to `upTo`, by default 10,000; ignores the cursor. */
export function countResearchers(
  actor: StaffActor | SystemActor,
  filters: ListFilters,
  upTo = countedMax,
): Promise<Count> {
  return withListTimeout((tx) => countRows(tx, actor, filters, upTo))
}

/** People who match, counted up to `upTo`. */
export async function countRows(
  tx: Queryable,
  actor: StaffActor | SystemActor,
  filters: ListFilters,
  upTo = countedMax,
): Promise<Count> {
  const [row] = await queryRows(tx, z.object({ count: z.number() }), countSql(actor, filters, upTo))
  return toCount(row?.count ?? 0, upTo)
}

const toCount = (count: number, upTo: number): Count => ({ count: Math.min(count, upTo), exact: count <= upTo })

/** For each change, how many people match with it, up to 10,000. */
export async function countVariants(
  actor: StaffActor,
  filters: ListFilters,
  changes: readonly Partial<ListFilters>[],
): Promise<Count[]> {
  if (changes.length === 0) return []
  const counts = changes.map((change) => Prisma.sql`(${countSql(actor, { ...filters, ...change }, countedMax)})`)
  const [row] = await withListTimeout((tx) =>
    queryRows(
      tx,
      z.object({ counts: z.array(z.number()) }),
      Prisma.sql`select array[${Prisma.join(counts)}] as counts`,
    ),
  )
  return row?.counts.map((count) => toCount(count, countedMax)) ?? []
}

const countSql = (actor: StaffActor | SystemActor, filters: ListFilters, upTo: number) => Prisma.sql`
  select count(*)::int as count
  from (select from person where ${toCondition(actor, filters)} limit ${upTo + 1}) as found`
