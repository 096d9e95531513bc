import './people.css'
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { DownloadLinks } from '@/app/staff/_components/download-links'
import { ActiveFilters } from '@/app/staff/researchers/_components/active-filters'
import { FilterForm } from '@/app/staff/researchers/_components/filter-form'
import { NobodyHere } from '@/app/staff/researchers/_components/nobody-here'
import { Pager } from '@/app/staff/researchers/_components/pager'
import { ResearcherTable } from '@/app/staff/researchers/_components/researcher-table'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { listAskable } from '@/lib/http/asking'
import { countResearchers, listResearchers } from '@/lib/researchers/queries'
import { parseListFilters, toSearchParams } from '@/lib/researchers/schema'
import type { SearchParams } from '@/lib/search'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.list'))('title'), robots: { index: false } }
}

/** Everybody who came back from ORCID: searched, filtered and sorted by the address alone. */
export default availablePage(async function ResearchersPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const actor = await requireStaff('viewer')
  const t = await getTranslations('staff.list')
  const { filters, notices } = parseListFilters(await searchParams)
  const [page, count, scopes] = await Promise.all([
    listResearchers(actor, filters),
    countResearchers(actor, filters),
    listAskable(),
  ])
  return (
    <div className="space-y-5">
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <h1>{t('title')}</h1>
        {actor.role === 'viewer' ? null : (
          <DownloadLinks path="/staff/researchers/export" params={toSearchParams({ ...filters, cursor: null })} />
        )}
      </div>
      {notices.length > 0 ? (
        <Notice tone="warn">
          <p>{t('ignored', { names: notices.map((name) => t(`parameters.${name}`)).join('; ') })}</p>
        </Notice>
      ) : null}
      <FilterForm filters={filters} scopes={scopes} />
      <ActiveFilters filters={filters} />
      <p className="font-medium tabular-nums">{t('count', { count })}</p>
      {page.rows.length === 0 ? (
        <NobodyHere filters={filters} />
      ) : (
        <>
          <ResearcherTable rows={page.rows} filters={filters} scopes={scopes} />
          <Pager filters={filters} page={page} count={count} />
        </>
      )}
    </div>
  )
})
