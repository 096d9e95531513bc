import { seeOther } from '@/lib/http/see-other'
import { conflictReasonCharsMax } from '@/lib/people/conflict-schema'
import { type ConflictKind, PeopleError, type PeopleFault, type Resolution } from '@/lib/people/person'

/** A refusal as it stands in the address of a page. @throws whatever is none */
export function faultOf(error: unknown): PeopleFault {
  if (error instanceof PeopleError) return error.fault
  throw error
}

/** The page of a conflict with what came of it; somebody who was erased took the conflict along. */
export const seeConflict = (id: string, result: string) =>
  result === 'erased'
    ? seeOther('/staff/conflicts?result=gone')
    : seeOther(`/staff/conflicts/${id}?result=${result.replaceAll('_', '-')}`)

/** A reason as staff typed it; null without one. */
export const readReason = (text: string): string | null => {
  const reason = text.replace(/\0/g, '').trim().slice(0, conflictReasonCharsMax)
  return reason || null
}

/** What a decision is called: whoever leaves a proposal as it is rejects it. */
export const toOutcome = ({ kind, resolution }: { kind: ConflictKind; resolution: Resolution }) =>
  kind === 'proposal' && resolution === 'kept' ? 'rejected' : resolution
