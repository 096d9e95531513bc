import 'server-only'
import { z } from 'zod'
import type { ApiActor } from '@/lib/actor'
import { isSeen } from '@/lib/api/person-object'
import { Prisma, queryRows, withListTimeout } from '@/lib/db'
import { departmentCondition } from '@/lib/list/visible'
import { isOurs } from '@/lib/people/condition'
import { personKinds } from '@/lib/people/person'

const groupRow = z.object({
  department: z.string().nullable(),
  kind: z.enum(personKinds).nullable(),
  people: z.number(),
  with_id: z.number(),
})

/** How many of the system's people there are, and how many of them it sees: whoever refused is one of the others. */
export async function countSystemCoverage(actor: ApiActor) {
  const parts = [isOurs]
  if (actor.kinds) parts.push(Prisma.sql`kind = any(${[...actor.kinds]}::person_kind[])`)
  if (actor.departments) {
    const each = actor.departments.map((path) => departmentCondition(path))
    parts.push(Prisma.sql`(${Prisma.join(each, ' or ')})`)
  }
  const groups = await withListTimeout((tx) =>
    queryRows(
      tx,
      groupRow,
      Prisma.sql`
        with seen as materialized (select person.id from person where ${isSeen(actor)})
        select department, kind::text, count(*)::int as people, count(seen.id)::int as with_id
        from person left join seen using (id) where ${Prisma.join(parts, ' and ')}
        group by department, kind order by department nulls last, kind`,
    ),
  )
  const sum = (field: 'people' | 'with_id') => groups.reduce((total, group) => total + group[field], 0)
  return { people: sum('people'), with_id: sum('with_id'), groups }
}
