export type ResearcherState = 'connected' | 'identity_only' | 'withdrawn' | 'expired'

/** The last check's finding, as in `lib/grants/grant.ts`. */
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

const shownFindings = [
  'wrong_record',
  'record_locked',
  'being_checked',
  'withdrawn_at_orcid',
  'record_deprecated',
  'record_deactivated',
] as const

export type ShownState = ResearcherState | 'expiring' | (typeof shownFindings)[number]

/** Staff may ask again for permissions that end within this time. */
export const expiringWithinYears = 2

/** The state on screens, with findings and coming ends. The list's filters repeat these rules in SQL. */
export function toShownState(
  researcher: { state: ResearcherState; expiresAt: Date | null; finding: ResearcherFinding | null },
  now: Date,
): ShownState {
  const finding = shownFindings.find((each) => each === researcher.finding)
  if (finding) return finding
  if (researcher.state !== 'connected' || !researcher.expiresAt) return researcher.state
  const soon = new Date(now)
  soon.setUTCFullYear(soon.getUTCFullYear() + expiringWithinYears)
  return researcher.expiresAt < soon ? 'expiring' : 'connected'
}

type Proof = { liveScopes: readonly string[]; finding: ResearcherFinding | null }

/** True if a grant is live, even for identity only, and ORCID has not said that it fails. */
export function isAuthenticated({ liveScopes, finding }: Proof) {
  return liveScopes.length > 0 && finding !== 'wrong_record' && finding !== 'record_locked'
}

/** During a suspicion the icon is grey, but the iD still counts as authenticated. */
export function toProof(researcher: Proof) {
  return { authenticated: isAuthenticated(researcher), beingChecked: researcher.finding === 'being_checked' }
}
