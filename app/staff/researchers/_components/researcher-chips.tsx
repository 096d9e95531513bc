import { FilterChips } from '@/app/staff/_components/filter-chips'
import { describeFilters } from '@/app/staff/_components/filter-words'
import { listHref } from '@/app/staff/_components/list-href'
import { type ListFilters, noFilters } from '@/lib/researchers/schema'

/** What narrows the list down now, each with a way to take it out. */
export async function ResearcherChips({ filters }: { filters: ListFilters }) {
  const chips = await describeFilters(filters)
  if (chips.length === 0) return null
  return (
    <>
      <FilterChips filters={filters} none={{ ...noFilters, sort: filters.sort }} chips={chips} href={listHref} />
      <p className="hidden print:block">{chips.map(({ words }) => words).join('; ')}</p>
    </>
  )
}
