import 'server-only'
import { z } from 'zod'
import type { StaffActor } from '@/lib/actor'
import { isTold } from '@/lib/attempts/history'
import { type DayCount, type FailureShare, isRising, shareOfFailures } from '@/lib/attempts/outcome'
import { dayOf, daysAgo, startOfDay } from '@/lib/config/day'
import { db, Prisma, queryRows } from '@/lib/db'
import { countCached } from '@/lib/figures/cached-count'

type Period = { from: string; to: string }

const days = { shown: 30, lately: 7, before: 28 }

const since = (day: string) => Prisma.sql`(started_at >= ${startOfDay(day)} and purpose <> 'trial' and ${isTold})`
const outcomeOrNone = Prisma.sql`coalesce(outcome::text, 'under_way')`

const dayCount = z.object({ day: z.string(), purpose: z.string(), outcome: z.string(), count: z.number() })

export type RecentAttempts = { attempts: DayCount[]; period: Period; days: number }

/** Attempts of the last 30 days, by day. */
export async function getRecentAttempts(_actor: StaffActor, now = new Date()): Promise<RecentAttempts> {
  const period = { from: daysAgo(days.shown - 1, now), to: daysAgo(0, now) }
  const { value: attempts } = await countCached('attempts', () =>
    queryRows(
      db(),
      dayCount,
      Prisma.sql`
        select ${dayOf(Prisma.sql`started_at`)}::text as day, purpose::text, ${outcomeOrNone} as outcome, count(*)::int as count
        from authorization_attempt where ${since(period.from)} group by 1, 2, 3`,
    ),
  )
  return { attempts, period, days: days.shown }
}

const outcomeCount = z.object({ isLate: z.boolean(), outcome: z.string(), count: z.number(), lost: z.number() })

export type Failures = {
  /** Attempts of the last 30 days whose token ORCID may have issued unknown to us. */
  lost: number
  period: Period
  /** The last 7 days against the 28 before, if failures rise; else null. */
  rising: { lately: FailureShare; before: FailureShare; period: Period } | null
}

/** What somebody should look at among the attempts. */
export async function findFailures(_actor: StaffActor, now = new Date()): Promise<Failures> {
  const to = daysAgo(0, now)
  const [shownFrom, lateFrom] = [daysAgo(days.shown - 1, now), daysAgo(days.lately - 1, now)]
  const from = daysAgo(days.lately + days.before - 1, now)
  // Two periods and not 35 days: of a million attempts that takes a third of the time.
  const { value: counts } = await countCached('failures', () =>
    queryRows(
      db(),
      outcomeCount,
      Prisma.sql`
        select started_at >= ${startOfDay(lateFrom)} as "isLate", ${outcomeOrNone} as outcome, count(*)::int as count,
          (count(*) filter (where outcome = 'answer_lost' and started_at >= ${startOfDay(shownFrom)}))::int as lost
        from authorization_attempt where ${since(from)} group by 1, 2`,
    ),
  )
  const lately = shareOfFailures(counts.filter(({ isLate }) => isLate))
  const before = shareOfFailures(counts.filter(({ isLate }) => !isLate))
  return {
    lost: counts.reduce((sum, { lost }) => sum + lost, 0),
    period: { from: shownFrom, to },
    rising: isRising(lately, before) ? { lately, before, period: { from: lateFrom, to } } : null,
  }
}
