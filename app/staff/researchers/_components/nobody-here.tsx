import { getTranslations } from 'next-intl/server'
import { EmptyState } from '@/app/_components/empty-state'
import { listHref } from '@/app/staff/_components/list-href'
import { describeFilters } from '@/app/staff/researchers/_components/filter-words'
import type { Contradiction } from '@/lib/researchers/contradiction'
import { isFiltered, type ListFilters, noFilters } from '@/lib/researchers/schema'

type Props = { filters: ListFilters; between?: Contradiction }

/** Stands in place of the table: nobody matches, nobody ever can, or there is nobody yet. */
export async function NobodyHere({ filters, between }: Props) {
  const t = await getTranslations('staff.list')
  const filtered = isFiltered(filters)
  const why = between ? await explain(filters, between) : filtered ? t('noMatch') : t('empty')
  return (
    <EmptyState
      action={
        <a href={filtered ? listHref({ ...noFilters, sort: filters.sort }) : '/'} className="btn btn-quiet">
          {filtered ? t('clear') : t('emptyAction')}
        </a>
      }
    >
      {why}
    </EmptyState>
  )
}

/** Both filters as their chips have them, and what keeps them apart. */
async function explain(filters: ListFilters, [one, other]: Contradiction): Promise<string> {
  const t = await getTranslations('staff.list')
  const described = await describeFilters(filters)
  const find = (name: string) => described.find((filter) => filter.name === name)?.words ?? ''
  const because =
    one === 'connected-from' ? t('because.days') : one === 'scope' ? t('because.has') : t(`because.${other}`)
  return t('excluded', { one: find(one), other: find(other), because })
}
