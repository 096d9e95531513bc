import 'server-only'
import { z } from 'zod'
import { toDay } from '@/lib/config/day'
import { db, Prisma, queryRows } from '@/lib/db'
import { AppError } from '@/lib/errors'
import { forEachRow } from '@/lib/jobs/rows'
import { erasedOn } from '@/lib/people/leaving'
import { eraseLeaver } from '@/lib/retention/erasing'

const isDue = (today: string) => Prisma.sql`(state = 'left' and merged_into_id is null
  and cardinality(live_scopes) = 0 and ${erasedOn()} <= ${today}::date)`

/** Leavers who have been kept for `LEAVERS_KEEP_MONTHS` and permit nothing any more. */
export async function countLeaversDue(now = new Date()): Promise<number> {
  const [row] = await queryRows(
    db(),
    z.object({ count: z.number() }),
    Prisma.sql`select count(*)::int as count from person where ${isDue(toDay(now))}`,
  )
  return row?.count ?? 0
}

/** Erases them, one by one, and returns their number. @throws AppError after the others, if one failed */
export async function eraseLeavers(now = new Date()): Promise<number> {
  const due = await queryRows(
    db(),
    z.object({ id: z.string(), researcherId: z.string().nullable() }),
    Prisma.sql`select id::text, researcher_id::text as "researcherId" from person where ${isDue(toDay(now))} order by id`,
  )
  const byId = new Map(due.map((person) => [person.id, person]))
  let erased = 0
  const failed = await forEachRow('erasing a leaver', [...byId.keys()], async (id) => {
    const person = byId.get(id)
    if (person && (await eraseLeaver(person))) erased++
  })
  if (failed > 0) throw new AppError('conflict', `${failed} leavers were not erased`)
  return erased
}
