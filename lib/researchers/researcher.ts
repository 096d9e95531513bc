export type ResearcherState = 'connected' | 'identity_only' | 'withdrawn' | 'expired'

/** Permissions that end within this many years are worth asking for again. */
export const expiringWithinYears = 2

/**
 * The state that people read: a connection that ends soon says so. The list's filter `expiring` asks the same of the
 * database.
 */
export function toShownState(
  researcher: { state: ResearcherState; expiresAt: Date | null },
  now: Date,
): ResearcherState | 'expiring' {
  if (researcher.state !== 'connected' || !researcher.expiresAt) return researcher.state
  const soon = new Date(now)
  soon.setUTCFullYear(soon.getUTCFullYear() + expiringWithinYears)
  return researcher.expiresAt < soon ? 'expiring' : 'connected'
}

/** Whether ORCID vouches for this iD now: something that the person granted is live. */
export function isAuthenticated(researcher: { state: ResearcherState }): boolean {
  return researcher.state === 'connected' || researcher.state === 'identity_only'
}

/** The calendar day, `2026-07-12`, that began at most so many days ago in UTC. */
export function daysAgo(days: number, now: Date): string {
  return new Date(now.getTime() - days * 86_400_000).toISOString().slice(0, 10)
}
