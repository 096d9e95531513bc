import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { isTold } from '@/lib/attempts/history'
import { countByOutcome, type DayCount, type FailureShare, isRising, shareOfFailures } from '@/lib/attempts/outcome'
import { dayOf, daysAgo, startOfDay } from '@/lib/config/day'
import { db, Prisma, queryRows } from '@/lib/db'
import { countCached } from '@/lib/figures/cached-count'

type Period = { from: string; to: string }

export type RecentAttempts = {
  attempts: DayCount[]
  period: Period
  days: number
  /** Attempts whose token ORCID may have issued unknown to us. */
  lost: number
  /** The last 7 days against the 28 before, if failures rise; else null. */
  rising: { lately: FailureShare; before: FailureShare; period: Period } | null
}

const days = { shown: 30, lately: 7, before: 28 }

const dayCount = z.object({ day: z.string(), purpose: z.string(), outcome: z.string(), count: z.number() })

function countRecentAttempts(from: string): Promise<DayCount[]> {
  return queryRows(
    db(),
    dayCount,
    Prisma.sql`
      select ${dayOf(Prisma.sql`started_at`)}::text as day, purpose::text, coalesce(outcome::text, 'under_way') as outcome,
        count(*)::int as count
      from authorization_attempt where started_at >= ${startOfDay(from)} and purpose <> 'trial' and ${isTold} group by 1, 2, 3`,
  )
}

/** Attempts of the last 30 days, and whether failures rise. */
export async function getRecentAttempts(_actor: StaffActor, now = new Date()): Promise<RecentAttempts> {
  const to = daysAgo(0, now)
  const [shownFrom, latelyFrom] = [daysAgo(days.shown - 1, now), daysAgo(days.lately - 1, now)]
  const from = daysAgo(days.lately + days.before - 1, now)
  const { value: all } = await countCached('attempts', () => countRecentAttempts(from))
  const lately = shareOfFailures(all.filter(({ day }) => day >= latelyFrom))
  const before = shareOfFailures(all.filter(({ day }) => day < latelyFrom))
  const attempts = all.filter(({ day }) => day >= shownFrom)
  return {
    attempts,
    lost: countByOutcome(attempts).get('answer_lost') ?? 0,
    period: { from: shownFrom, to },
    days: days.shown,
    rising: isRising(lately, before) ? { lately, before, period: { from: latelyFrom, to } } : null,
  }
}
