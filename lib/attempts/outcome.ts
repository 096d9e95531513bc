export const savedOutcomes = [
  'connected',
  'updated',
  'already_connected',
  'fewer',
  'different_id',
  'signed_in',
  'narrowed',
] as const

/** Something failed: in Concord, at ORCID, or between them. */
export const failedOutcomes = [
  'nothing_came_back',
  'orcid_refused',
  'orcid_unavailable',
  'not_saved',
  'answer_lost',
] as const

export const unsavedOutcomes = ['denied', 'expired', 'code_expired', 'tried', ...failedOutcomes] as const

export const allOutcomes = [...savedOutcomes, ...unsavedOutcomes] as const
export type AttemptOutcome = (typeof allOutcomes)[number]

/** Something kept them from coming back with a permission, and they did not say no. */
export const troubledOutcomes = ['expired', 'code_expired', ...failedOutcomes] as const

/** `under_way` is the outcome of attempts that are still open. */
export type DayCount = { day: string; purpose: string; outcome: string; count: number }

type OutcomeCount = Pick<DayCount, 'outcome' | 'count'>

/** Sums counts by outcome. */
export function countByOutcome(counts: readonly OutcomeCount[]): Map<string, number> {
  const sums = new Map<string, number>()
  for (const { outcome, count } of counts) sums.set(outcome, (sums.get(outcome) ?? 0) + count)
  return sums
}

export type FailureShare = { failed: number; ended: number; share: number }

/** Failed attempts of those that ended; the share is 0 to 1. */
export function shareOfFailures(counts: readonly OutcomeCount[]): FailureShare {
  const sums = countByOutcome(counts)
  const ended = total(sums, allOutcomes)
  const failed = total(sums, failedOutcomes)
  return { failed, ended, share: ended > 0 ? failed / ended : 0 }
}

/** The sum over some outcomes. */
export const total = (sums: ReadonlyMap<string, number>, outcomes: readonly string[]): number =>
  outcomes.reduce((sum, outcome) => sum + (sums.get(outcome) ?? 0), 0)

/** Fewer failures in a week are chance. */
const fewestFailures = 5

/** At least five failures in the last week, and a share 50 % above the weeks before. */
export const isRising = (lately: FailureShare, before: FailureShare): boolean =>
  lately.failed >= fewestFailures && lately.share > 1.5 * before.share
