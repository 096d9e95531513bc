import { useTranslations } from 'next-intl'
import { EmptyState } from '@/app/_components/empty-state'
import { listHref } from '@/app/staff/_components/list-href'
import { isFiltered, type ListFilters, noFilters } from '@/lib/researchers/schema'

/** Stands in place of the table: nobody matches, or there is nobody yet. */
export function EmptyList({ filters }: { filters: ListFilters }) {
  const t = useTranslations('staff.list')
  const filtered = isFiltered(filters)
  const action = filtered
    ? { href: listHref({ ...noFilters, sort: filters.sort }), label: t('clear') }
    : { href: '/', label: t('emptyAction') }
  return <EmptyState action={action}>{t(filtered ? 'noMatch' : 'empty')}</EmptyState>
}
