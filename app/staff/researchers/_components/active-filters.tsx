import { FilterChips } from '@/app/staff/_components/filter-chips'
import { listHref } from '@/app/staff/_components/list-href'
import { describeFilters } from '@/app/staff/researchers/_components/filter-words'
import { isFiltered, type ListFilters, noFilters } from '@/lib/researchers/schema'

/** What narrows the list down now, each with a way to take it out. */
export async function ActiveFilters({ filters }: { filters: ListFilters }) {
  if (!isFiltered(filters)) return null
  const chips = (await describeFilters(filters)).map(({ words, without }) => ({
    words,
    without: listHref({ ...filters, ...without, cursor: null }),
  }))
  return (
    <>
      <FilterChips chips={chips} clear={listHref({ ...noFilters, sort: filters.sort })} />
      <p className="hidden print:block">{chips.map(({ words }) => words).join('; ')}</p>
    </>
  )
}
