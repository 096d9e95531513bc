import { coversScopes, SCOPES } from '@/lib/orcid/scopes'

export const affiliationKinds = [
  'employment',
  'education',
  'qualification',
  'membership',
  'service',
  'invited_position',
  'distinction',
] as const

export type AffiliationKind = (typeof affiliationKinds)[number]

export const affiliationStates = [
  'pending',
  'in_orcid',
  'updating',
  'waiting_for_orcid',
  'refused',
  'no_permission',
  'no_token',
  'person_withdrew',
  'deleted_by_person',
  'deleting',
  'deleted',
] as const

export type AffiliationState = (typeof affiliationStates)[number]

/** What is to be written. Dates are a year, a month or a day: `2021`, `2021-03`, `2021-03-31`. */
export type AffiliationItem = {
  kind: AffiliationKind
  externalId: string
  title: string
  department: string | null
  startOn: string | null
  endOn: string | null
  url: string | null
}

/** What a grant must cover for an item to be written; `/activities/update` covers both. */
export const writeScopes = ['/affiliations/create', '/affiliations/update'] as const

const coveringOne = (wanted: string) =>
  SCOPES.map(({ scope }) => scope).filter((name) => coversScopes([name], [wanted]))

/** Scopes any of which covers each of these; for a question to the database, which knows nothing of what includes what. */
export const coveringScopes = { create: coveringOne(writeScopes[0]), update: coveringOne(writeScopes[1]) }

/** The path of a kind in ORCID's API: singular for an item, plural for the list (protocol of the member API v3.0). */
export const sectionOf = (kind: AffiliationKind) => kind.replaceAll('_', '-')

/** In these states there is something left to do at ORCID, and nothing here says that it cannot be done. */
export const openStates = ['pending', 'updating', 'waiting_for_orcid', 'deleting'] as const

/** In these states there is something left to do, and it waits for the person. */
export const heldStates = ['no_permission', 'no_token', 'person_withdrew'] as const

type Standing = {
  removal: string | null
  revision: number
  writtenRevision: number | null
  postedRevision: number | null
  putCode: string | null
}

export type Step = 'post' | 'put' | 'delete' | 'forget' | 'find' | 'none'

/**
 * What is to be done next at ORCID. `find` comes before everything else where a POST may have arrived whose answer was
 * lost: the item is looked for among our own before anything is written. `forget`: nothing of it is there.
 */
export function nextStep({ removal, revision, writtenRevision, postedRevision, putCode }: Standing): Step {
  if (postedRevision !== null && putCode === null) return 'find'
  if (removal !== null) return putCode === null ? 'forget' : 'delete'
  if (putCode === null) return 'post'
  return writtenRevision === revision ? 'none' : 'put'
}

/** A claim on an item is good for so long without being renewed: longer than a call to ORCID with all its tries. */
export const claimS = 90

/** How long an item waits after each time that ORCID was away. */
export const writeBackoff = { firstMs: 15_000, maxMs: 3_600_000 }

/** Items that were compared with the record longer ago than this, in days, are compared again. */
export const checkAfterDays = 7

/** A preview is kept so long, in minutes. */
export const draftMinutes = 60

/** Lines of a file at most, and bytes. */
export const importRowsMax = 5_000
export const importBytesMax = 1_000_000

/** The columns that say what an item is, and how far it has got. */
export const itemFields = {
  id: true,
  researcherId: true,
  kind: true,
  externalId: true,
  title: true,
  department: true,
  startOn: true,
  endOn: true,
  url: true,
  revision: true,
  putCode: true,
} as const
