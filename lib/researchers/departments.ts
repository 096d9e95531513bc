import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { db, direct, Prisma, queryRows } from '@/lib/db'
import { departmentCondition, visibleTo } from '@/lib/list/visible'

const offeredMax = 500

/** Those of the people whom the actor sees, by name, at most 500, for menus. Goes from one to the next in their index. */
export async function listDepartments(actor: StaffActor): Promise<string[]> {
  const rows = await queryRows(
    direct,
    z.object({ department: z.string() }),
    Prisma.sql`
      with recursive found as (
        (select department from person where listed and ${visibleTo(actor)} and department is not null order by department limit 1)
        union all
        select (select department from person
          where listed and ${visibleTo(actor, Prisma.sql`person.department`)} and department > found.department order by department limit 1)
        from found where found.department is not null)
      select department from found where department is not null limit ${offeredMax}`,
  )
  return rows.map(({ department }) => department).sort((one, other) => one.localeCompare(other))
}

/** Those paths that nobody is in, nor in any department below. */
export async function listEmptyDepartments(_actor: StaffActor, paths: readonly string[]): Promise<string[]> {
  const empty: string[] = []
  for (const path of paths) {
    const one = Prisma.sql`select 1 as here from person where listed and ${departmentCondition(path)} limit 1`
    if ((await queryRows(db(), z.object({ here: z.number() }), one)).length === 0) empty.push(path)
  }
  return empty
}
