import { coversScopes, SCOPES, writeScopes } from '@/lib/orcid/scopes'

export const affiliationKinds = [
  'employment',
  'education',
  'qualification',
  'membership',
  'service',
  'invited_position',
  'distinction',
] as const

/** Works are items too: they are written, kept and removed as affiliations are. */
export const itemKinds = [...affiliationKinds, 'work'] as const

export type AffiliationKind = (typeof itemKinds)[number]

export const affiliationStates = [
  'waiting_for_person',
  'to_be_confirmed',
  'waiting_for_answer',
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
  'already_there',
] as const

export type AffiliationState = (typeof affiliationStates)[number]

export type AffiliationOrigin = 'entered' | 'imported' | 'system'

/**
 * Dates are a year, a month or a day: `2021`, `2021-03`, `2021-03-31`. A work has its date in `startOn` and the rest in
 * `work`.
 */
export type AffiliationItem = {
  kind: AffiliationKind
  externalId: string
  title: string
  department: string | null
  startOn: string | null
  endOn: string | null
  url: string | null
  work?: unknown
}

const coveringOne = (wanted: string) =>
  SCOPES.map(({ scope }) => scope).filter((name) => coversScopes([name], [wanted]))

/** All scopes that include each write scope, for SQL, which cannot derive inclusion. */
export const coveringScopes = { create: coveringOne(writeScopes[0]), update: coveringOne(writeScopes[1]) }

/** The path of a kind in ORCID's member API v3.0: singular for an item, with `s` for the list. */
export const sectionOf = (kind: AffiliationKind) => kind.replaceAll('_', '-')

/** An item in an open state has work left at ORCID; in a held state the work waits for the person. */
export const openStates = ['pending', 'updating', 'waiting_for_orcid', 'deleting'] as const
export const heldStates = ['no_permission', 'no_token', 'person_withdrew'] as const

type WriteProgress = {
  removal: string | null
  revision: number
  writtenRevision: number | null
  postedRevision: number | null
  putCode: string | null
  misplaced: boolean
}

export type Step = 'post' | 'put' | 'delete' | 'forget' | 'find' | 'none'

/**
 * The next step at ORCID. `find` comes first if a POST may have arrived and its answer was lost, so that no item is
 * added twice. `forget`: ORCID has nothing to delete. A misplaced item can only be removed.
 */
export function nextStep(item: WriteProgress): Step {
  const { removal, revision, writtenRevision, postedRevision, putCode, misplaced } = item
  if (postedRevision !== null && putCode === null) return 'find'
  if (removal !== null) return putCode === null ? 'forget' : 'delete'
  if (putCode === null) return 'post'
  return misplaced || writtenRevision === revision ? 'none' : 'put'
}

/** A claim lasts longer than a call to ORCID with all its retries. */
export const claimS = 90

/** Backoff while ORCID is unavailable. */
export const writeBackoff = { firstMs: 15_000, maxMs: 3_600_000 }

export const checkAfterDays = 7

export const draftMinutes = 60

export const itemFields = {
  id: true,
  personId: true,
  researcherId: true,
  kind: true,
  externalId: true,
  title: true,
  department: true,
  startOn: true,
  endOn: true,
  url: true,
  work: true,
  revision: true,
  putCode: true,
  misplaced: true,
} as const
