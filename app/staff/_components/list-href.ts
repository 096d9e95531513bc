import { type ListFilters, toSearchParams } from '@/lib/researchers/schema'

/** Where the list stands with these filters. */
export function listHref(filters: ListFilters): string {
  const query = toSearchParams(filters).toString()
  return query ? `/staff/researchers?${query}` : '/staff/researchers'
}
