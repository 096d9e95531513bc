import { AppError } from '@/lib/errors'
import { pathSeparator } from '@/lib/list/department'

export const personKinds = ['staff', 'student', 'guest'] as const
export type PersonKind = (typeof personKinds)[number]

export const personStates = ['active', 'leaving', 'paused', 'left'] as const
export type PersonState = (typeof personStates)[number]

/** The roster knows more of them than an iD. */
export const isOnTheRoster = ({ localId, origin }: { localId: string | null; origin: string }) =>
  localId !== null || origin !== 'connected'

export type BindingProof = 'connection' | 'staff' | 'import' | 'roster' | 'invitation' | 'campus'

/** Proofs that can do without a word of the researcher. */
export const provingProofs: readonly BindingProof[] = ['invitation', 'campus']

type Provable = { proof: BindingProof; mustAsk: boolean; confirmedAt: Date | null }

/** Whether entries may be written to the record without asking the researcher whether they are meant. */
export const isProven = ({ proof, mustAsk, confirmedAt }: Provable) =>
  confirmedAt !== null || proof === 'connection' || (provingProofs.includes(proof) && !mustAsk)

export const conflictKinds = [
  'one_id_two_people',
  'one_person_two_ids',
  'names_differ',
  'other_id_known',
  'two_people_are_one',
  'proposal',
] as const
export type ConflictKind = (typeof conflictKinds)[number]

export const resolutions = ['bound', 'kept', 'merged', 'split'] as const
export type Resolution = (typeof resolutions)[number]

/** What staff can decide about each kind. `kept`: both sides stay as they are. */
export const choicesOf: Record<ConflictKind, readonly Resolution[]> = {
  one_id_two_people: ['bound', 'kept'],
  one_person_two_ids: ['bound', 'kept'],
  names_differ: ['bound', 'kept'],
  other_id_known: ['kept', 'split'],
  two_people_are_one: ['merged', 'kept'],
  proposal: ['bound', 'kept'],
}

/**
 * What speaks for a proposal: the same name, the same e-mail, a verified e-mail domain of ours, a row of a file. `not_me`
 * speaks against: the researcher said so.
 */
export const evidences = ['names', 'email', 'domain', 'file', 'not_me'] as const
export type Evidence = (typeof evidences)[number]

/** The departments and all above them. */
export function withParents(paths: readonly string[]): string[] {
  const all = paths.flatMap((path) => {
    const parts = path.split(pathSeparator)
    return parts.map((_part, index) => parts.slice(0, index + 1).join(pathSeparator))
  })
  return [...new Set(all)].sort((one, other) => one.localeCompare(other))
}

/** The reason why a change of people is refused, as a key of the messages. */
export type PeopleFault =
  | 'local_id_taken'
  | 'id_taken'
  | 'not_an_id'
  | 'end_before_start'
  | 'has_another_id'
  | 'erased'
  /** The number or the address belongs to somebody who objected, or who was erased. */
  | 'objected'
  /** They have an iD: they are erased on its page. */
  | 'has_an_id'
  | 'already_resolved'
  | 'cycle'
  | 'not_possible'

/** A change that is refused in words. Nothing was saved. */
export class PeopleError extends AppError {
  constructor(readonly fault: PeopleFault) {
    super('conflict', `Refused: ${fault}`)
  }
}
