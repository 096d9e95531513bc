import { useTranslations } from 'next-intl'
import { EmptyState } from '@/app/_components/empty-state'

/** `filtered`: the address of the list without filters, where some narrow it down. */
type Props = { empty: string; noMatch: string; filtered: string | null }

/** Stands in place of a list: nothing matches, with the way to everything, or there is nothing yet. */
export function NothingHere({ empty, noMatch, filtered }: Props) {
  const t = useTranslations('staff.list')
  if (!filtered) return <EmptyState>{empty}</EmptyState>
  return (
    <EmptyState
      action={
        <a href={filtered} className="btn btn-quiet">
          {t('clear')}
        </a>
      }
    >
      {noMatch}
    </EmptyState>
  )
}
