export type ResearcherState = 'connected' | 'identity_only' | 'withdrawn' | 'expired'

/** What the last check found, as `lib/grants/grant.ts` has it; null where there was none that matters now. */
export type ResearcherFinding =
  | 'good'
  | 'insufficient'
  | 'wrong_record'
  | 'record_locked'
  | 'withdrawn_at_orcid'
  | 'record_deprecated'
  | 'record_deactivated'
  | 'unanswered'
  | 'being_checked'

const told = [
  'wrong_record',
  'record_locked',
  'being_checked',
  'withdrawn_at_orcid',
  'record_deprecated',
  'record_deactivated',
] as const

export type ShownState = ResearcherState | 'expiring' | (typeof told)[number]

/** Permissions that end within this many years are worth asking for again. */
export const expiringWithinYears = 2

/**
 * The state that people read: a connection that ends soon says so, and so does one that ORCID ended or that does not work
 * there. The list's filters `expiring` and `finding` ask the same of the database.
 */
export function toShownState(
  researcher: { state: ResearcherState; expiresAt: Date | null; finding: ResearcherFinding | null },
  now: Date,
): ShownState {
  const finding = told.find((each) => each === researcher.finding)
  if (finding) return finding
  if (researcher.state !== 'connected' || !researcher.expiresAt) return researcher.state
  const soon = new Date(now)
  soon.setUTCFullYear(soon.getUTCFullYear() + expiringWithinYears)
  return researcher.expiresAt < soon ? 'expiring' : 'connected'
}

type Proof = { liveScopes: readonly string[]; finding: ResearcherFinding | null }

/**
 * Whether ORCID vouches for this iD now: something that the person granted is live, be it identity alone, and works as far
 * as ORCID has said. Everything else gets the icon of an iD that is not authenticated.
 */
export function isAuthenticated({ liveScopes, finding }: Proof) {
  return liveScopes.length > 0 && finding !== 'wrong_record' && finding !== 'record_locked'
}

/**
 * How an iD is shown. While ORCID refuses a token and that is neither confirmed nor cleared, the icon is grey, and nothing
 * says that the iD is unauthenticated: it still is authenticated as far as anybody knows.
 */
export function toProof(researcher: Proof) {
  return { authenticated: isAuthenticated(researcher), beingChecked: researcher.finding === 'being_checked' }
}
