import { getTranslations } from 'next-intl/server'
import { EmptyState } from '@/app/_components/empty-state'
import { listHref } from '@/app/staff/_components/list-href'
import { isFiltered, type ListFilters, noFilters } from '@/lib/researchers/schema'

/** Stands in place of the table: nobody matches, or there is nobody yet. */
export async function NobodyHere({ filters }: { filters: ListFilters }) {
  const t = await getTranslations('staff.list')
  const filtered = isFiltered(filters)
  return (
    <EmptyState
      action={
        <a href={filtered ? listHref({ ...noFilters, sort: filters.sort }) : '/'} className="btn btn-quiet">
          {filtered ? t('clear') : t('emptyAction')}
        </a>
      }
    >
      {filtered ? t('noMatch') : t('empty')}
    </EmptyState>
  )
}
