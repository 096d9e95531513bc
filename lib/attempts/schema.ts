import { z } from 'zod'
import { allOutcomes, failedOutcomes, savedOutcomes, unsavedOutcomes } from '@/lib/attempts/outcome'
import { cursorParameter, timeCursor } from '@/lib/list/pagination'
import { parseParameters, type SearchParams, searchedWords, toHref, toParameters } from '@/lib/list/search'

export const outcomeGroups = ['under-way', 'came-back', 'saved', 'failed'] as const
export const outcomeNames = [...outcomeGroups, ...allOutcomes.map((outcome) => toName(outcome))] as const
export const attemptPurposes = ['connect', 'sign_in', 'narrow', 'trial'] as const

type Hyphened<Text extends string> = Text extends `${infer Head}_${infer Rest}` ? `${Head}-${Hyphened<Rest>}` : Text
export type OutcomeName = (typeof outcomeNames)[number]

/** `not_saved` becomes `not-saved` in URLs. */
export function toName<Text extends string>(text: Text): Hyphened<Text> {
  return text.replaceAll('_', '-') as Hyphened<Text>
}

const groups: Record<(typeof outcomeGroups)[number], readonly string[]> = {
  'under-way': ['under_way'],
  // Nobody came back from an expired attempt in time.
  'came-back': [...savedOutcomes, ...unsavedOutcomes.filter((outcome) => outcome !== 'expired')],
  saved: savedOutcomes,
  failed: failedOutcomes,
}

/** The outcomes behind a name in the URL. */
export function outcomesOf(name: OutcomeName): readonly string[] {
  return groups[name as keyof typeof groups] ?? [name.replaceAll('-', '_')]
}

const day = z.iso.date().refine((text) => text >= '1900-01-01' && text < '9000')

const parameters = {
  q: searchedWords,
  outcome: z.enum(outcomeNames),
  purpose: z.enum(attemptPurposes),
  from: day,
  to: day,
  cursor: cursorParameter(timeCursor),
}

type AttemptFilterName = keyof typeof parameters

/** `q` finds the person as in the list of people. Null does not filter. `from` and `to` are UTC days, both included. */
export type AttemptFilters = {
  [name in AttemptFilterName]: z.infer<(typeof parameters)[name]> | null
}

export const noAttemptFilters: AttemptFilters = {
  q: null,
  outcome: null,
  purpose: null,
  from: null,
  to: null,
  cursor: null,
}

/** Reads the filters from a URL. An invalid one counts as absent, and `notices` has its name. */
export function parseAttemptFilters(searchParams: SearchParams): {
  filters: AttemptFilters
  notices: AttemptFilterName[]
} {
  const { values, notices } = parseParameters(searchParams, parameters)
  return { filters: values, notices }
}

/** The inverse of `parseAttemptFilters`. */
export const attemptsHref = (filters: AttemptFilters) => toHref('/staff/attempts', toParameters(filters))
