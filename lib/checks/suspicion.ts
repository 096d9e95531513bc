/** Refusals that it takes, besides the time, until ORCID's word counts as confirmed. */
const refusalsMin = 3

/** ORCID is asked again minutes, an hour and a day after the first refusal: these parts of the confirmation time. */
const waitShares = [1 / 288, 1 / 24, 1] as const

export type Suspicion = { since: Date; lastAskedAt: Date; refusals: number }

/**
 * A suspicion with one more refusal. Refusals that follow one another within minutes count as one, whoever asked: they may
 * have the same passing cause.
 *
 * @param confirmMs for how long ORCID has to refuse a token until it counts as withdrawn
 */
export function addRefusal(before: Suspicion | null, confirmMs: number, now: Date): Suspicion {
  if (!before) return { since: now, lastAskedAt: now, refusals: 1 }
  const counts = now.getTime() - before.lastAskedAt.getTime() >= confirmMs * waitShares[0]
  return counts ? { ...before, lastAskedAt: now, refusals: before.refusals + 1 } : before
}

/** Whether ORCID has said often and long enough that a token is not valid, with nothing good between. */
export function isConfirmed({ since, lastAskedAt, refusals }: Suspicion, confirmMs: number): boolean {
  return refusals >= refusalsMin && lastAskedAt.getTime() - since.getTime() >= confirmMs
}

/** When ORCID is asked next about a token that it refused. */
export function nextRefusalCheckAt({ since, refusals }: Suspicion, confirmMs: number, now: Date): Date {
  const share = waitShares[refusals - 1] ?? 1
  const at = since.getTime() + confirmMs * share
  // Where the time is over and refusals are still missing, the shortest wait is left.
  return new Date(Math.max(at, now.getTime() + confirmMs * waitShares[0]))
}
