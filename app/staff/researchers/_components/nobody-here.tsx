import { useTranslations } from 'next-intl'
import { EmptyState } from '@/app/_components/empty-state'
import { listHref } from '@/app/staff/_components/list-href'
import { isFiltered, type ListFilters, noFilters } from '@/lib/researchers/schema'

/** Stands in place of the table: nobody matches, nobody ever can and `why`, or there is nobody yet. */
export function NobodyHere({ filters, why }: { filters: ListFilters; why?: string }) {
  const t = useTranslations('staff.list')
  const filtered = isFiltered(filters)
  const action = filtered
    ? { href: listHref({ ...noFilters, sort: filters.sort }), label: t('clear') }
    : { href: '/', label: t('emptyAction') }
  return (
    <div className="people-later">
      <EmptyState action={action}>{why ?? t(filtered ? 'noMatch' : 'empty')}</EmptyState>
    </div>
  )
}
