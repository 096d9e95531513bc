import { z } from 'zod'
import { affiliationKinds, affiliationStates } from '@/lib/affiliations/affiliation'
import { cursorParameter, encodeCursor, timeCursor } from '@/lib/pagination'
import { readAll, type SearchParams } from '@/lib/search'

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
export function parseAffiliationFilters(searchParams: SearchParams): AffiliationFilters {
  const one = <Name extends keyof typeof parameters>(name: Name) => {
    const parsed = parameters[name].safeParse(readAll(searchParams, name)[0])
    return parsed.success ? (parsed.data as z.infer<(typeof parameters)[Name]>) : null
  }
  return { state: one('state'), kind: one('kind'), cursor: one('cursor') }
}

/** Where the list stands with these filters. */
export function affiliationsHref({ state, kind, cursor }: AffiliationFilters): string {
  const params = new URLSearchParams()
  if (state) params.append('state', state)
  if (kind) params.append('kind', kind)
  if (cursor) params.append('cursor', encodeCursor(cursor))
  return params.size > 0 ? `/staff/affiliations?${params}` : '/staff/affiliations'
}

/** Where the items stand that ORCID has refused. */
export const refusedItemsHref = affiliationsHref({ ...noAffiliationFilters, state: 'refused' })
