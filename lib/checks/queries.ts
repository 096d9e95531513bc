import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { daysAgo } from '@/lib/config/day'
import { env } from '@/lib/config/env'
import { db, Prisma, queryRows } from '@/lib/db'
import { isConfidential } from '@/lib/list/confidential'
import { countedMax } from '@/lib/list/count'
import { afterId, type IdCursor, idCursorOf, paginate } from '@/lib/list/pagination'
import { isDue, isListed } from '@/lib/researchers/condition'
import { countResearchers } from '@/lib/researchers/counts'
import { noFilters } from '@/lib/researchers/schema'
import { sortKeys } from '@/lib/researchers/sort-keys'

export type SweepState = {
  /** People with a due check, counted up to `countedMax`. */
  due: number
  /** Connected people whose last answer came before `day`, counted up to `countedMax`. */
  late: { day: string; count: number; exact: boolean }
  latestAt: Date | null
  everyDays: number
}

// Few people have two grants.
const dueMax = 2 * countedMax

/** Reads only the ends of indexes, so that checks on time cost nothing. */
export async function getSweepState(actor: StaffActor, now = new Date()): Promise<SweepState> {
  const everyDays = env().checkEveryMs / 86_400_000
  const day = daysAgo(everyDays, now)
  const [[state], late] = await Promise.all([
    queryRows(
      db(),
      z.object({ due: z.number(), latestAt: z.date().nullable() }),
      Prisma.sql`
      select count(distinct researcher_id)::int as due,
        (select last_checked_at from person where ${isListed} order by ${sortKeys.checked} desc limit 1) as "latestAt"
      from (select researcher_id from "grant" where ${isDue} and not ${isConfidential(Prisma.sql`researcher_id`)} order by next_check_at limit ${dueMax}) as due`,
    ),
    countResearchers(actor, { ...noFilters, checkedBefore: day }),
  ])
  return { ...(state ?? { due: 0, latestAt: null }), late: { day, ...late }, everyDays }
}

const pageSize = 10

/** One page of a researcher's findings, newest first, at most 10. */
export async function listChecksOf(_actor: StaffActor, researcherId: string, cursor: IdCursor | null) {
  const grants = await db().grant.findMany({ where: { researcherId }, select: { id: true } })
  const ofResearcher = { grantId: { in: grants.map(({ id }) => id) } }
  const select = { id: true, at: true, finding: true, reason: true, grant: { select: { scopes: true } } }
  return paginate({
    size: pageSize,
    cursor,
    cursorOf: idCursorOf,
    read: (from, take) => {
      const { where, orderBy } = afterId(from)
      return db().grantCheck.findMany({ where: { ...ofResearcher, ...where }, orderBy, take, select })
    },
  })
}
