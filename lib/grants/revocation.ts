export const revocationBackoff = { firstMs: 5_000, maxMs: 3_600_000 }

/** During an outage, one revocation probes ORCID this often. Once it succeeds, all become due. */
export const probeEveryS = 5

/** Outcome: this process lacks the token's key. */
export const keyMissing = 'key_missing'

export const revocationsInFlight = 4

/** A longer wait is no passing outage: staff pages and the log report it. */
export const overdueAfterH = 72
