import type { AttemptOutcome } from '@/lib/attempts/attempt'

/** How attempts end after which something is saved. */
export const savedOutcomes = [
  'connected',
  'updated',
  'already_connected',
  'fewer',
  'different_id',
  'signed_in',
  'narrowed',
] as const satisfies AttemptOutcome[]

/** How attempts end because something did not work: with us, at ORCID, or between. */
export const failedOutcomes = [
  'nothing_came_back',
  'orcid_refused',
  'orcid_unavailable',
  'not_saved',
  'answer_lost',
] as const satisfies AttemptOutcome[]

/** How attempts end after which nothing is saved: those, by what people decide, and by the time that they take. */
export const unsavedOutcomes = [
  'denied',
  'expired',
  'code_expired',
  'tried',
  ...failedOutcomes,
] as const satisfies AttemptOutcome[]

export const allOutcomes = [...savedOutcomes, ...unsavedOutcomes] as const

/** Attempts of a day; `under_way` is the outcome of those that have none yet. */
export type DayCount = { day: string; purpose: string; outcome: string; count: number }

/** How many there are of each outcome. */
export function countByOutcome(counts: readonly DayCount[]): Map<string, number> {
  const sums = new Map<string, number>()
  for (const { outcome, count } of counts) sums.set(outcome, (sums.get(outcome) ?? 0) + count)
  return sums
}

export type FailureShare = { failed: number; ended: number; share: number }

/** Of the attempts that have ended, those that failed. */
export function shareOfFailures(counts: readonly DayCount[]): FailureShare {
  const sums = countByOutcome(counts)
  const ended = total(sums, allOutcomes)
  const failed = total(sums, failedOutcomes)
  return { failed, ended, share: ended > 0 ? failed / ended : 0 }
}

export const total = (sums: ReadonlyMap<string, number>, outcomes: readonly string[]): number =>
  outcomes.reduce((sum, outcome) => sum + (sums.get(outcome) ?? 0), 0)

/** Fewer failures than this in a week are chance. */
const fewestFailures = 5

/** Whether attempts fail more often than they did: at least five in the last week, and half as often again as before. */
export const isRising = (lately: FailureShare, before: FailureShare): boolean =>
  lately.failed >= fewestFailures && lately.share > 1.5 * before.share
