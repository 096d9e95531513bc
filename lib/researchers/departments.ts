import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { db, Prisma, queryRows } from '@/lib/db'

const offeredMax = 500

/** By name, at most 500, for menus. Goes from one to the next in their index. */
export async function listDepartments(_actor: StaffActor): Promise<string[]> {
  const rows = await queryRows(
    db(),
    z.object({ department: z.string() }),
    Prisma.sql`
      with recursive found as (
        (select department from person where listed and department is not null order by department limit 1)
        union all
        select (select department from person
          where listed and department > found.department order by department limit 1)
        from found where found.department is not null)
      select department from found where department is not null limit ${offeredMax}`,
  )
  return rows.map(({ department }) => department).sort((one, other) => one.localeCompare(other))
}
