import 'server-only'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { ApiActor } from '@/lib/actor'
import { coverageOf } from '@/lib/api/changes'
import { isSeen } from '@/lib/api/person-object'
import { ApiProblem } from '@/lib/api/problem'
import { db, Prisma, queryRows } from '@/lib/db'
import { countCached } from '@/lib/figures/cached-count'
import { departmentCondition } from '@/lib/list/visible'
import { isOurs } from '@/lib/people/condition'
import { personKinds } from '@/lib/people/person'

const groupRow = z.object({
  department: z.string().nullable(),
  kind: z.enum(personKinds).nullable(),
  people: z.number(),
  with_id: z.number(),
  last: z.string(),
})
type Group = Omit<z.infer<typeof groupRow>, 'last'>

const peopleAtOnce = 20_000
const patienceMs = 8_000
const retryAfterS = '15'

/**
 * How many of the system's people there are, and how many of them it sees: whoever refused is one of the others. A count
 * that took long is kept for a minute.
 *
 * @throws ApiProblem `being_counted`
 */
export async function countSystemCoverage(actor: ApiActor) {
  const counting = countCached(`api ${actor.systemId} ${coverageOf(actor)}`, () => countGroups(actor))
  // Nobody awaits this rejection after the timeout.
  counting.catch(() => undefined)
  const counted = await Promise.race([counting, sleep(patienceMs, null, { ref: false })])
  if (!counted) throw new ApiProblem('being_counted', { headers: { 'Retry-After': retryAfterS } })
  const groups = counted.value
  const sum = (field: 'people' | 'with_id') => groups.reduce((total, group) => total + group[field], 0)
  return { people: sum('people'), with_id: sum('with_id'), groups }
}

/** In batches, as a count of a million takes longer than a statement may. */
async function countGroups(actor: ApiActor): Promise<Group[]> {
  const parts = [isOurs]
  if (actor.kinds) parts.push(Prisma.sql`kind = any(${[...actor.kinds]}::person_kind[])`)
  if (actor.departments) {
    const each = actor.departments.map((path) => departmentCondition(path))
    parts.push(Prisma.sql`(${Prisma.join(each, ' or ')})`)
  }
  const groups = new Map<string, Group>()
  for (let last: string | null = null, people = peopleAtOnce; people === peopleAtOnce; ) {
    const after: Prisma.Sql = last ? Prisma.sql`id > ${last}::uuid` : Prisma.sql`true`
    const rows: z.infer<typeof groupRow>[] = await queryRows(
      db(),
      groupRow,
      Prisma.sql`
        select department, kind::text, count(*)::int as people, (count(*) filter (where ${isSeen(actor)}))::int as with_id,
          max(id::text) as last
        from (select * from person where ${Prisma.join(parts, ' and ')} and ${after} order by id limit ${peopleAtOnce}) as person
        group by department, kind`,
    )
    people = 0
    for (const { last: lastOfGroup, ...row } of rows) {
      const key = JSON.stringify([row.department, row.kind])
      const known = groups.get(key) ?? { ...row, people: 0, with_id: 0 }
      groups.set(key, { ...known, people: known.people + row.people, with_id: known.with_id + row.with_id })
      people += row.people
      if (last === null || lastOfGroup > last) last = lastOfGroup
    }
  }
  return [...groups].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, group]) => group)
}
