import { type ListFilters, toSearchParams } from '@/lib/researchers/schema'
import { toHref } from '@/lib/search'

/** Where the list stands with these filters. */
export const listHref = (filters: ListFilters) => toHref('/staff/researchers', toSearchParams(filters))
