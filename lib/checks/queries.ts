import 'server-only'
import type { StaffActor } from '@/lib/actor'
import { env } from '@/lib/config/env'
import { daysAgo, startOfDay } from '@/lib/day'
import { db } from '@/lib/db'
import { afterId, type IdCursor, idCursorOf, paginate } from '@/lib/list/pagination'
import { isDue } from '@/lib/researchers/condition'

export type SweepState = {
  /** People with a due check, counted up to `countedMax`. */
  due: number
  /** Connected people whose last answer came before `day`, counted up to `countedMax`. */
  late: { day: string; count: number }
  latestAt: Date | null
  everyDays: number
}

/** Counts stop here. */
export const countedMax = 10_000
// Few people have two grants.
const dueMax = 2 * countedMax

/** Reads only the ends of indexes, so that checks on time cost nothing. */
export async function getSweepState(_actor: StaffActor, now = new Date()): Promise<SweepState> {
  const everyDays = env().checkEveryMs / 86_400_000
  const day = daysAgo(everyDays, now)
  const [state] = await db().$queryRaw<Pick<SweepState, 'due' | 'latestAt'>[]>`
    select count(distinct researcher_id)::int as due, (select max(last_checked_at) from researcher) as "latestAt"
    from (select researcher_id from "grant" where ${isDue} order by next_check_at limit ${dueMax}) as due`
  return { ...(state ?? { due: 0, latestAt: null }), late: { day, count: await countLate(day) }, everyDays }
}

async function countLate(day: string): Promise<number> {
  const [late] = await db().$queryRaw<{ count: number }[]>`
    select count(*)::int as count from (
      select from researcher
      where not staff_only and live_scopes @> '{openid}' and last_checked_at < ${startOfDay(day)}
      limit ${countedMax + 1}) as late`
  return late?.count ?? 0
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
