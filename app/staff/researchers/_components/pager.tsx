import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { listHref } from '@/app/staff/_components/list-href'
import type { ResearcherPage } from '@/lib/researchers/queries'
import type { ListFilters } from '@/lib/researchers/schema'

type Props = { filters: ListFilters; page: ResearcherPage; total: string }

/** The ways to the pages before and after, and where this one is. */
export function Pager({ filters, page: { rows, from, next, previous }, total }: Props) {
  const t = useTranslations('staff.list')
  const byTime = filters.sort === '-connected'
  const last = from + rows.length
  return (
    <nav aria-label={t('pages')} className="flex flex-wrap items-center justify-between gap-3">
      <p className="note tabular-nums">{t('position', { first: from + 1, last, count: total })}</p>
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
