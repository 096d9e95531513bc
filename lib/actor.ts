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

/** Concord itself: jobs, recovery and configuration. */
export type SystemActor = { kind: 'system' } & Proven

export const systemRights = [
  'people:read',
  'events:read',
  'record:read',
  'affiliations:write',
  'works:write',
  'token:delegate',
] as const
export type SystemRight = (typeof systemRights)[number]

/** Another program, by its key or token; null where a job acts for it. What it may do is read at every request. */
export type ApiActor = {
  kind: 'api'
  systemId: string
  keyId: string | null
  /** As researchers read it. */
  name: string
  rights: readonly SystemRight[]
  /** ORCID's scopes at most. */
  scopes: readonly string[]
  /** The department paths whose people it may know of, with all below them; null for everybody. */
  departments: readonly string[] | null
  /** Null for everybody. */
  kinds: readonly ('staff' | 'student' | 'guest')[] | null
  termId: string
  purposeNumber: number
  /** Of the present purpose. People were told of one of them. */
  terms: readonly (Pick<ApiActor, 'rights' | 'scopes' | 'departments' | 'kinds'> & { id: string })[]
  perMinute: number
} & Proven

export type Actor = ResearcherActor | StaffActor | ApiActor | SystemActor

export const system = { kind: 'system' } as SystemActor
