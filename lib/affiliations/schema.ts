import { z } from 'zod'
import { affiliationKinds, affiliationStates } from '@/lib/affiliations/affiliation'
import { cursorParameter, timeCursor } from '@/lib/list/pagination'
import { parseParameters, type SearchParams, toHref, toParameters } from '@/lib/list/search'

const parameters = {
  state: z.enum(affiliationStates),
  kind: z.enum(affiliationKinds),
  cursor: cursorParameter(timeCursor),
}

/** The list of items as asked for; null does not filter. */
export type AffiliationFilters = {
  [name in keyof typeof parameters]: z.infer<(typeof parameters)[name]> | null
}

const noAffiliationFilters: AffiliationFilters = { state: null, kind: null, cursor: null }

/** Reads the list's filters from a URL. What is not one of ours counts as absent. */
export const parseAffiliationFilters = (searchParams: SearchParams): AffiliationFilters =>
  parseParameters(searchParams, parameters).values

/** Where the list stands with these filters. */
export const affiliationsHref = (filters: AffiliationFilters) => toHref('/staff/affiliations', toParameters(filters))

/** Where the items stand that ORCID has refused. */
export const refusedItemsHref = affiliationsHref({ ...noAffiliationFilters, state: 'refused' })
