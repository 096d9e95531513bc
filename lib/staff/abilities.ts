import type { Role, StaffRights } from '@/lib/actor'

type Rule = {
  least: Role
  /** People who are limited to departments may do it too. All that it reads of people is read through `visibleTo`. */
  limited?: true
  /** Needs this right besides the role. */
  right?: 'export'
  /** Needs a sign-in at ORCID that is not older than `recentSignInMs`. */
  recent?: true
}

/** What staff may do. The gates decide by this, and the page of the team shows it. */
export const abilities = {
  seePeople: { least: 'viewer', limited: true },
  exportPeople: { least: 'viewer', limited: true, right: 'export', recent: true },
  chooseExports: { least: 'viewer', right: 'export' },
  seeOverview: { least: 'viewer', limited: true },
  seeAttention: { least: 'viewer' },
  takeAttention: { least: 'manager' },
  seeFigures: { least: 'viewer' },
  seeSupport: { least: 'viewer' },
  seeAffiliations: { least: 'viewer' },
  seeConflicts: { least: 'viewer' },
  seeLeavers: { least: 'viewer' },
  askForChecks: { least: 'viewer' },
  editPeople: { least: 'manager' },
  setLastDays: { least: 'manager', limited: true },
  changeMany: { least: 'manager' },
  decideIdentity: { least: 'manager' },
  importPeople: { least: 'manager' },
  saveCompleteRosters: { least: 'manager', recent: true },
  replaceRoster: { least: 'admin' },
  writeNotes: { least: 'manager' },
  readRecords: { least: 'manager' },
  seeCampaigns: { least: 'viewer' },
  writeCampaigns: { least: 'manager' },
  openCampaigns: { least: 'admin', recent: true },
  exportInvited: { least: 'viewer', right: 'export', recent: true },
  exportLinks: { least: 'manager', right: 'export', recent: true },
  invitePeople: { least: 'manager' },
  writeMailTexts: { least: 'manager' },
  stopMail: { least: 'manager' },
  seeJobs: { least: 'manager' },
  seeHealth: { least: 'manager' },
  writeAffiliations: { least: 'manager' },
  exportAffiliations: { least: 'manager', right: 'export', recent: true },
  writeMany: { least: 'manager', recent: true },
  seeActivity: { least: 'manager' },
  exportActivity: { least: 'admin' },
  confirmWrites: { least: 'admin' },
  confirmImports: { least: 'admin' },
  approveLeavers: { least: 'admin' },
  erasePeople: { least: 'admin' },
  manageSystems: { least: 'admin' },
  manageKeys: { least: 'admin', recent: true },
  manageTeam: { least: 'admin' },
  changeSettings: { least: 'admin' },
  releaseRestores: { least: 'admin' },
  tryTheFlow: { least: 'admin' },
} as const satisfies Record<string, Rule>

export type Ability = keyof typeof abilities

export const abilityNames = Object.keys(abilities) as Ability[]

export const ruleOf = (ability: Ability): Rule => abilities[ability]

export const recentSignInMs = 15 * 60_000

/** Above so many items a write needs a recent sign-in. */
export const manyItems = 100

const ranks: Record<Role, number> = { viewer: 1, manager: 2, admin: 3 }

/** Whether the rights include an ability. How old the sign-in is, only the gate knows. */
export function may({ role, departments, mayExport }: StaffRights, ability: Ability): boolean {
  const { least, limited, right } = ruleOf(ability)
  if (ranks[role] < ranks[least]) return false
  if (departments !== null && !limited) return false
  return right !== 'export' || mayExport
}

type Kept = { role: Role; departments: string[]; mayExport: boolean }

/** The inverse of `toRights`. */
export const toKept = ({ role, departments, mayExport }: StaffRights): Kept =>
  role === 'admin'
    ? { role, departments: [], mayExport: false }
    : { role, departments: (departments ?? []).toSorted(), mayExport }

/** The rights that a row of the team gives: no departments are all of them, and administrators may do everything. */
export function toRights({ role, departments, mayExport }: Kept): StaffRights {
  if (role === 'admin') return { role, departments: null, mayExport: true }
  return { role, departments: departments.length > 0 ? departments : null, mayExport }
}
