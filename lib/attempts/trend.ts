import 'server-only'
import type { StaffActor } from '@/lib/actor'
import { countByOutcome, type FailureShare, isRising, shareOfFailures } from '@/lib/attempts/outcome'
import { type AttemptsOfDay, getAttemptsByDay } from '@/lib/attempts/tally'
import { daysAgo } from '@/lib/researchers/researcher'

type Days = { from: string; to: string }

export type RecentAttempts = {
  /** Of the last 30 days, today included. */
  attempts: AttemptsOfDay[]
  period: Days
  days: number
  /** Of these, those of which nobody knows whether ORCID issued a token. */
  lost: number
  /** Where attempts fail more often than they did: the last 7 days against the 28 before them. Null where they do not. */
  rising: { lately: FailureShare; before: FailureShare; period: Days } | null
}

const days = { shown: 30, lately: 7, before: 28 }

/** What became of the attempts of the last weeks, from what is counted as they change. */
export async function getRecentAttempts(actor: StaffActor, now = new Date()): Promise<RecentAttempts> {
  const to = daysAgo(0, now)
  const [shownFrom, latelyFrom] = [daysAgo(days.shown - 1, now), daysAgo(days.lately - 1, now)]
  const all = await getAttemptsByDay(actor, daysAgo(days.lately + days.before - 1, now), to)
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
