import { useTranslations } from 'next-intl'
import { EmptyState } from '@/app/_components/empty-state'
import { describeFilters } from '@/app/staff/_components/filter-words'
import { listHref } from '@/app/staff/_components/list-href'
import { Looser, type Way } from '@/app/staff/_components/looser'
import { describeCount } from '@/app/staff/researchers/_components/describe-count'
import type { StaffActor } from '@/lib/actor'
import { countVariants } from '@/lib/researchers/counts'
import { listNearest, type NearPerson } from '@/lib/researchers/nearest'
import { isFiltered, type ListFilters, noFilters } from '@/lib/researchers/schema'

export type WaysOut = { looser: Way[]; nearest: NearPerson[] }

/** What to try where nobody matches: the filters without one of them, and names like the one that was searched for. */
export async function findWaysOut(actor: StaffActor, filters: ListFilters): Promise<WaysOut> {
  const chips = await describeFilters(filters)
  const [counts, nearest] = await Promise.all([
    chips.length > 1
      ? countVariants(
          actor,
          { ...filters, cursor: null },
          chips.map(({ without }) => without),
        )
      : [],
    filters.q ? listNearest(actor, filters.q) : [],
  ])
  const looser = await Promise.all(
    counts.map(async (count, index) => ({
      href: listHref({ ...filters, ...chips[index]?.without, cursor: null }),
      words: chips[index]?.words ?? '',
      found: count.count > 0 ? (await describeCount(count)).people : null,
    })),
  )
  return { looser, nearest }
}

/** Stands in place of the table: nobody matches, or there is nobody yet. */
export function EmptyList({ filters, ways: { looser, nearest } }: { filters: ListFilters; ways: WaysOut }) {
  const t = useTranslations('staff.list')
  const filtered = isFiltered(filters)
  const action = filtered
    ? { href: listHref({ ...noFilters, sort: filters.sort }), label: t('clear') }
    : { href: '/', label: t('emptyAction') }
  return (
    <EmptyState action={action}>
      {t(filtered ? 'noMatch' : 'empty')}
      <Looser ways={looser} />
      {nearest.length > 0 ? <span className="mt-2 block">{t('nearest')}</span> : null}
      {nearest.map(({ orcid, name }) => (
        <span key={orcid} className="block">
          <a href={`/staff/researchers/${orcid}`} className="inline-flex min-h-6 items-center font-medium">
            <bdi translate="no">{name}</bdi>
          </a>
        </span>
      ))}
    </EmptyState>
  )
}
