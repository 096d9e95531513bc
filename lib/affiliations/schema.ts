import { z } from 'zod'
import { affiliationStates, itemKinds } from '@/lib/affiliations/affiliation'
import { cursorParameter, timeCursor } from '@/lib/list/pagination'
import { parseParameters, type SearchParams, searchedWords, toHref, toParameters } from '@/lib/list/search'

const parameters = {
  q: searchedWords,
  state: z.enum(affiliationStates),
  kind: z.enum(itemKinds),
  cursor: cursorParameter(timeCursor),
}

/** `q` is words of the title, the department or the person. Null does not filter. */
export type AffiliationFilters = {
  [name in keyof typeof parameters]: z.infer<(typeof parameters)[name]> | null
}

export const noAffiliationFilters: AffiliationFilters = { q: null, state: null, kind: null, cursor: null }

/** Ignores unknown parameters and values. */
export const parseAffiliationFilters = (searchParams: SearchParams): AffiliationFilters =>
  parseParameters(searchParams, parameters).values

/** Whether some of these parameters mean nothing. */
export const hasBadAffiliationFilters = (searchParams: SearchParams): boolean =>
  parseParameters(searchParams, parameters).notices.length > 0

/** The address of the list of affiliations with these filters. */
export const affiliationsHref = (filters: AffiliationFilters) => toHref('/staff/affiliations', toParameters(filters))

export const refusedItemsHref = affiliationsHref({ ...noAffiliationFilters, state: 'refused' })
