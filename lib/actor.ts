declare const proven: unique symbol

/** Only the gates of `lib/auth` and new sessions create actors. */
type Proven = { readonly [proven]: true }

export type ResearcherActor = {
  kind: 'researcher'
  researcherId: string
  orcid: string
  sessionId: string
} & Proven

export type Role = 'viewer' | 'manager' | 'admin'

/** The role is read from the database at every request. */
export type StaffActor = { kind: 'staff'; staffId: string; orcid: string; role: Role; sessionId: string } & Proven

/** Jobs, recovery and configuration. */
export type SystemActor = { kind: 'system' } & Proven

export type Actor = ResearcherActor | StaffActor | SystemActor

export const system = { kind: 'system' } as SystemActor
