/** How long a revocation waits after each failure. */
export const revocationBackoff = { firstMs: 5_000, maxMs: 3_600_000 }

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
