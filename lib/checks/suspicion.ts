/** A confirmation takes this many refusals and `confirmMs`. */
const refusalsMin = 3

/** Retries at these shares of `confirmMs`: by default after minutes, an hour and a day. */
const waitShares = [1 / 288, 1 / 24, 1] as const

export type Suspicion = { since: Date; lastAskedAt: Date; refusals: number }

/** Refusals within minutes count as one, because they may share a passing cause. */
export function addRefusal(before: Suspicion | null, confirmMs: number, now: Date): Suspicion {
  if (!before) return { since: now, lastAskedAt: now, refusals: 1 }
  const counts = now.getTime() - before.lastAskedAt.getTime() >= confirmMs * waitShares[0]
  return counts ? { ...before, lastAskedAt: now, refusals: before.refusals + 1 } : before
}

/** Whether ORCID has refused often and long enough, without a good answer between. */
export function isConfirmed({ since, lastAskedAt, refusals }: Suspicion, confirmMs: number): boolean {
  return refusals >= refusalsMin && lastAskedAt.getTime() - since.getTime() >= confirmMs
}

/** When a refused grant is checked again: three times within `confirmMs`. */
export function nextRefusalCheckAt({ since, refusals }: Suspicion, confirmMs: number, now: Date): Date {
  const share = waitShares[refusals - 1] ?? 1
  const at = since.getTime() + confirmMs * share
  // If refusals are still missing after `confirmMs`, use the shortest wait.
  return new Date(Math.max(at, now.getTime() + confirmMs * waitShares[0]))
}
