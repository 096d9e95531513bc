import { useTranslations } from 'next-intl'
import { listHref } from '@/app/staff/_components/list-href'
import { Pages } from '@/app/staff/_components/pages'
import type { ResearcherPage } from '@/lib/researchers/queries'
import { type ListFilters, sortOf } from '@/lib/researchers/schema'

type Props = { filters: ListFilters; page: ResearcherPage; total: string }

/** The ways to the pages before and after, and where this one is. */
export function Pager({ filters, page: { rows, from, next, previous }, total }: Props) {
  const t = useTranslations('staff.list')
  const byTime = ['-connected', '-withdrew'].includes(sortOf(filters))
  const last = from + rows.length
  return (
    <Pages
      previous={
        previous && { href: listHref({ ...filters, cursor: previous }), words: t(byTime ? 'newer' : 'previous') }
      }
      next={next && { href: listHref({ ...filters, cursor: next }), words: t(byTime ? 'older' : 'next') }}
    >
      <p className="note tabular-nums">{t('position', { first: from + 1, last, count: total })}</p>
    </Pages>
  )
}
