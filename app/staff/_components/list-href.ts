import { toHref } from '@/lib/list/search'
import { type ListFilters, toSearchParams } from '@/lib/researchers/schema'

/** Where the list stands with these filters. */
export const listHref = (filters: ListFilters) => toHref('/staff/researchers', toSearchParams(filters))
