const backOffMaxS = 3_600

/** Seconds until the next try after `tries` that failed, with jitter: 5, 10, 20 … at most an hour. */
export function backOffS(tries: number): number {
  const most = Math.min(5 * 2 ** Math.max(0, tries - 1), backOffMaxS)
  return most * (0.75 + Math.random() / 4)
}

/**
 * While anything waits, one of the waiting is tried this often. It finds out that ORCID is back, and then all of them
 * are due at once.
 */
export const probeEveryS = 5

/** The outcome of a try whose token is sealed with a key that this process lacks. */
export const keyMissing = 'key_missing'

/** How many are asked of ORCID side by side. */
export const revocationsInFlight = 4

/** A token that waits longer than this, in hours, is no passing outage: staff and the log say so. */
export const overdueAfterH = 72
