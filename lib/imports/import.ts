import { AppError } from '@/lib/errors'

export const importStates = ['reading', 'preview', 'held', 'saving', 'saved', 'undoing', 'undone', 'discarded'] as const
export type ImportState = (typeof importStates)[number]

export const verdicts = ['added', 'changed', 'unchanged', 'perhaps', 'leaving', 'removed', 'refused'] as const
export type Verdict = (typeof verdicts)[number]

export type Doubt = 'many_leave' | 'many_change' | 'many_new' | 'email_moves' | 'columns_shifted' | 'many_removed'

/** A saved import can be undone for so long. */
export const undoDays = 30

/** `not_now`: the import is in another state by now, for example because a colleague was faster. */
export type ImportFault =
  | 'not_now'
  | 'undecided'
  | 'second_person'
  | 'wrong_counts'
  | 'too_early'
  | 'too_late'
  | 'not_configured'

/** A step that is refused in words. Nothing was saved. */
export class ImportError extends AppError {
  constructor(readonly fault: ImportFault) {
    super('conflict', `Refused: ${fault}`)
  }
}
