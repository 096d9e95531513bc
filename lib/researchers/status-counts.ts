import 'server-only'
import { z } from 'zod'
import { db, Prisma, queryRows } from '@/lib/db'
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

export type StatusCount = z.infer<typeof statusCount>

/** People by state, finding, scopes and marks, for the overview. */
export function countByStatus(): Promise<StatusCount[]> {
  return queryRows(
    db(),
    statusCount,
    Prisma.sql`
      select connection::text as state, finding::text, live_scopes as scopes, conflict, last_checked_at is not null as checked,
        unanswered_since is not null as unanswered, count(*)::int as count
      from person where ${isListed} group by connection, finding, live_scopes, conflict, 5, 6`,
  )
}
