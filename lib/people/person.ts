import { AppError } from '@/lib/errors'

export const personKinds = ['staff', 'student', 'guest'] as const
export type PersonKind = (typeof personKinds)[number]

export const personStates = ['active', 'leaving', 'paused', 'left'] as const
export type PersonState = (typeof personStates)[number]

export type BindingProof = 'connection' | 'staff' | 'import' | 'roster' | 'invitation' | 'campus'

/** Proofs that need no word of the researcher before anything is written to their record. */
export const provingProofs: readonly BindingProof[] = ['connection', 'invitation', 'campus']

/** Whether entries may be written to the record without asking the researcher whether they are meant. */
export const isProven = ({ proof, confirmedAt }: { proof: BindingProof; confirmedAt: Date | null }) =>
  confirmedAt !== null || provingProofs.includes(proof)

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

/** Separates the parts of a department's path: `Faculty of Science / Physics`. */
export const pathSeparator = ' / '

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
  | 'already_resolved'
  | 'cycle'
  | 'not_possible'

/** A change that is refused in words. Nothing was saved. */
export class PeopleError extends AppError {
  constructor(readonly fault: PeopleFault) {
    super('conflict', `Refused: ${fault}`)
  }
}
