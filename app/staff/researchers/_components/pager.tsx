import { ChevronLeft, ChevronRight } from 'lucide-react'
import { getTranslations } from 'next-intl/server'
import { listHref } from '@/app/staff/_components/list-href'
import { describeCount } from '@/app/staff/researchers/_components/describe-count'
import type { ResearcherPage } from '@/lib/researchers/queries'
import type { ListFilters } from '@/lib/researchers/schema'

type Props = { filters: ListFilters; page: ResearcherPage; count: { count: number; exact: boolean } }

/** The ways to the pages before and after, and where this one is. */
export async function Pager({ filters, page: { rows, from, next, previous }, count }: Props) {
  const t = await getTranslations('staff.list')
  const byTime = filters.sort === '-connected'
  const last = from + rows.length
  // Rows may have been added since the first page: then the position counts without them.
  const { number } = await describeCount({ ...count, count: Math.max(count.count, last) })
  return (
    <nav aria-label={t('pages')} className="flex flex-wrap items-center justify-between gap-3">
      <p className="note tabular-nums">{t('position', { first: from + 1, last, count: number })}</p>
      <div className="no-print flex gap-2">
        {previous ? (
          <a href={listHref({ ...filters, cursor: previous })} rel="prev" className="btn btn-quiet">
            <ChevronLeft size={20} className="rtl:rotate-180" />
            {byTime ? t('newer') : t('previous')}
          </a>
        ) : null}
        {next ? (
          <a href={listHref({ ...filters, cursor: next })} rel="next" className="btn btn-quiet">
            {byTime ? t('older') : t('next')}
            <ChevronRight size={20} className="rtl:rotate-180" />
          </a>
        ) : null}
      </div>
    </nav>
  )
}
