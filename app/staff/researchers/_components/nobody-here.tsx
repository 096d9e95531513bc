import { useTranslations } from 'next-intl'
import { EmptyState } from '@/app/_components/empty-state'
import { listHref } from '@/app/staff/_components/list-href'
import { isFiltered, type ListFilters, noFilters } from '@/lib/researchers/schema'

/** Stands in place of the table: nobody matches, nobody ever can and `why`, or there is nobody yet. */
export function NobodyHere({ filters, why }: { filters: ListFilters; why?: string }) {
  const t = useTranslations('staff.list')
  const filtered = isFiltered(filters)
  return (
    <div className="people-later">
      <EmptyState
        action={
          <a href={filtered ? listHref({ ...noFilters, sort: filters.sort }) : '/'} className="btn btn-quiet">
            {filtered ? t('clear') : t('emptyAction')}
          </a>
        }
      >
        {why ?? (filtered ? t('noMatch') : t('empty'))}
      </EmptyState>
    </div>
  )
}
