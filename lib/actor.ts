declare const proven: unique symbol

/** Marks what only the gates of `lib/auth` make, and whoever starts a session: nothing else has the type. */
type Proven = { readonly [proven]: true }

/** A signed-in researcher, proven by a session row. */
export type ResearcherActor = {
  kind: 'researcher'
  researcherId: string
  orcid: string
  sessionId: string
} & Proven

export type Role = 'viewer' | 'manager' | 'admin'

/** A signed-in researcher whose iD has a role, read from the database at this request. */
export type StaffActor = { kind: 'staff'; staffId: string; orcid: string; role: Role; sessionId: string } & Proven

/** The portal itself: jobs, recovery, configuration. */
export type SystemActor = { kind: 'system' } & Proven

export type Actor = ResearcherActor | StaffActor | SystemActor

export const system = { kind: 'system' } as SystemActor
