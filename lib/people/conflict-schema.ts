import { z } from 'zod'
import { cursorParameter } from '@/lib/list/pagination'
import { parseParameters, type SearchParams, searchedWords, toHref, toParameters } from '@/lib/list/search'
import { conflictKinds, evidences } from '@/lib/people/person'

const cursor = z.strictObject({
  go: z.enum(['next', 'previous']),
  decided: z.boolean(),
  /** Proposals come after conflicts while they are open. */
  proposal: z.boolean(),
  at: z.iso.datetime({ precision: 3 }).refine((text) => text >= '1900'),
  id: z.guid(),
})
export type ConflictCursor = z.infer<typeof cursor>

const parameters = {
  q: searchedWords,
  /** `conflict`: any kind but proposals. */
  kind: z.enum(['conflict', ...conflictKinds]),
  evidence: z.enum(evidences),
  /** Without it, what is open. */
  show: z.literal('decided'),
  cursor: cursorParameter(cursor),
}

export type ConflictFilters = { [name in keyof typeof parameters]: z.infer<(typeof parameters)[name]> | null }

export const noConflictFilters: ConflictFilters = { q: null, kind: null, evidence: null, show: null, cursor: null }

/** Ignores unknown parameters and values, and a cursor of another list. */
export function parseConflictFilters(searchParams: SearchParams): ConflictFilters {
  const { values } = parseParameters(searchParams, parameters)
  const isUsable = values.cursor?.decided === (values.show === 'decided')
  return isUsable ? values : { ...values, cursor: null }
}

/** The address of the list with these filters. */
export const conflictsHref = (filters: ConflictFilters) => toHref('/staff/conflicts', toParameters(filters))

export const conflictReasonCharsMax = 1_000
