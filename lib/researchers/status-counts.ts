import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { db, Prisma, queryRows } from '@/lib/db'
import { type Counted, countCached } from '@/lib/figures/cached-count'
import { isListed } from '@/lib/researchers/condition'

const state = z.enum(['connected', 'identity_only', 'withdrawn', 'expired'])
const statusCount = z.object({
  state,
  finding: z.string().nullable(),
  scopes: z.array(z.string()),
  conflict: z.boolean(),
  checked: z.boolean(),
  unanswered: z.boolean(),
  count: z.number(),
})
const department = z.object({
  department: z.string().nullable(),
  connected: z.number(),
  identityOnly: z.number(),
  total: z.number(),
})

export type StatusCount = z.infer<typeof statusCount>
export type Department = z.infer<typeof department>

/** People by state, finding, scopes and marks, for the overview. */
export function countByStatus(): Promise<StatusCount[]> {
  return queryRows(
    db(),
    statusCount,
    Prisma.sql`
      select connection::text as state, finding::text, live_scopes as scopes, conflict, last_checked_at is not null as checked,
        unanswered_since is not null as unanswered, count(*)::int as count
      from person where ${isListed} group by 1, 2, 3, 4, 5, 6`,
  )
}

/** Largest first; null for people without a department. */
export function countDepartments(_actor: StaffActor): Promise<Counted<Department[]>> {
  return countCached('departments', () =>
    queryRows(
      db(),
      department,
      Prisma.sql`
        select department, count(*) filter (where connection = 'connected')::int as connected,
          count(*) filter (where connection = 'identity_only')::int as "identityOnly", count(*)::int as total
        from person where ${isListed} group by 1 order by total desc, department`,
    ),
  )
}
