/** A count that took long, as on a busy machine, is cached for a minute. */
export const countedWithinMs = 75_000
