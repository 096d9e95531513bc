import 'server-only'
import type { StaffActor } from '@/lib/actor'
import { db } from '@/lib/db'
import { env } from '@/lib/env'
import { toPage } from '@/lib/place'

export type SweepState = {
  /** Live grants that can be checked. */
  live: number
  /** How many of them have had an answer within the interval. */
  checked: number
  /** How many are due now. */
  due: number
  /** When the one that has gone without an answer for longest had its last, or was granted. */
  oldestAt: Date | null
  /** When the last answer came. */
  latestAt: Date | null
  everyDays: number
}

/** How far the checks are. */
export async function getSweepState(_actor: StaffActor): Promise<SweepState> {
  const everyMs = env().checkEveryMs
  const [state] = await db().$queryRaw<Omit<SweepState, 'everyDays'>[]>`
    select count(*)::int as live,
      (count(*) filter (
        where last_checked_at >= now() - make_interval(secs => ${everyMs / 1_000}::double precision)))::int as checked,
      (count(*) filter (where next_check_at <= now()))::int as due,
      min(coalesce(last_checked_at, granted_at)) as "oldestAt",
      max(last_checked_at) as "latestAt"
    from "grant" where state = 'live' and sealed_access_token is not null`
  const none = { live: 0, checked: 0, due: 0, oldestAt: null, latestAt: null }
  return { ...(state ?? none), everyDays: everyMs / 86_400_000 }
}

const atOnce = 10

/** One page of what was found about the grants of one researcher, newest first, at most 10. */
export async function listChecksOf(_actor: StaffActor, researcherId: string, before: bigint | null) {
  const grants = await db().grant.findMany({ where: { researcherId }, select: { id: true } })
  const found = await db().grantCheck.findMany({
    where: { grantId: { in: grants.map(({ id }) => id) }, ...(before ? { id: { lt: before } } : {}) },
    orderBy: { id: 'desc' },
    take: atOnce + 1,
    select: { id: true, at: true, finding: true, reason: true, grant: { select: { scopes: true } } },
  })
  return toPage(found, atOnce, ({ id }) => id)
}
