import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { FilterChips } from '@/app/staff/_components/filter-chips'
import { describeFilters } from '@/app/staff/_components/filter-words'
import { listHref } from '@/app/staff/_components/list-href'
import { ExportForm } from '@/app/staff/exports/_components/export-form'
import { RunList } from '@/app/staff/exports/_components/run-list'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { listRuns } from '@/lib/exports/queries'
import { toHref } from '@/lib/list/search'
import { type Count, countResearchers } from '@/lib/researchers/counts'
import { type ListFilters, noFilters, parseListFilters, toSearchParams } from '@/lib/researchers/schema'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.exports'))('title'), robots: { index: false } }
}

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> }

const notes = ['stopping', 'over'] as const
const runsShown = 20

/** Takes the list away as a file, and shows which files are being written and were lately. */
export default availablePage(async function ExportsPage({ searchParams }: Props) {
  const actor = await requireStaff('chooseExports')
  const t = await getTranslations('staff.exports')
  const params = await searchParams
  const { filters: asked, notices } = parseListFilters(params)
  const filters = { ...asked, cursor: null, sort: noFilters.sort }
  const [count, runs] = await Promise.all([countResearchers(actor, filters), listRuns(actor, runsShown)])
  const note = notes.find((one) => one === params.note)
  return (
    <div className="space-y-8">
      <div className="space-y-2">
        <h1>{t('title')}</h1>
        <Who filters={filters} found={count} />
      </div>
      {note ? <Notice tone={note === 'over' ? 'warn' : 'good'}>{t(`notes.${note}`)}</Notice> : null}
      {notices.length > 0 ? <Notice tone="warn">{t('ignored')}</Notice> : null}
      <ExportForm filters={filters} />
      <RunList runs={runs} isWatched={params.watch !== undefined} params={toSearchParams(filters)} />
      <p className="note max-w-[65ch]">{t('lead')}</p>
    </div>
  )
})

/** Of whom the file will be, and the way to choose others. */
async function Who({ filters, found: { count, exact } }: { filters: ListFilters; found: Count }) {
  const t = await getTranslations('staff.exports')
  const chips = await describeFilters(filters)
  return (
    <div className="space-y-3">
      <p className="text-lg">
        <span className="tabular-nums">{t(exact ? 'count' : 'countMore', { count })}</span>{' '}
        <a href={listHref(filters)} className="no-print">
          {t(chips.length > 0 ? 'choose' : 'narrow')}
        </a>
      </p>
      <FilterChips filters={filters} none={noFilters} chips={chips} href={exportHref} />
    </div>
  )
}

const exportHref = (filters: ListFilters) => toHref('/staff/exports', toSearchParams(filters))
