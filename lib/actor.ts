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

/** What a member of the team may do. */
export type StaffRights = {
  role: Role
  /** The department paths whose people they see, with all below them; null for everybody. Never set for administrators. */
  departments: readonly string[] | null
  /** May take files of people away. */
  mayExport: boolean
}

/** The rights are read from the database at every request. */
export type StaffActor = { kind: 'staff'; staffId: string; orcid: string; sessionId: string } & StaffRights & Proven

/** Jobs, recovery and configuration. */
export type SystemActor = { kind: 'system' } & Proven

export type Actor = ResearcherActor | StaffActor | SystemActor

export const system = { kind: 'system' } as SystemActor
