import './people.css'
import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { Suspense } from 'react'
import { Notice } from '@/app/_components/notice'
import { ListKeys } from '@/app/staff/researchers/_components/list-keys'
import { People } from '@/app/staff/researchers/_components/people'
import { PeopleLoading } from '@/app/staff/researchers/_components/people-loading'
import { ResearcherChips } from '@/app/staff/researchers/_components/researcher-chips'
import { ResearcherForm } from '@/app/staff/researchers/_components/researcher-form'
import { findAttemptByReference } from '@/lib/attempts/lookup'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { env } from '@/lib/config/env'
import type { SearchParams } from '@/lib/list/search'
import { listDepartments } from '@/lib/researchers/departments'
import { findListing } from '@/lib/researchers/listing'
import { type FilterName, type ListFilters, parseListFilters } from '@/lib/researchers/schema'
import { may } from '@/lib/staff/abilities'
import { listAskable } from '@/lib/texts/asked'

// Rows that are there by then come with the page, whole and without a flicker; later ones follow it.
const waitMs = 200

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.list'))('title'), robots: { index: false } }
}

/** Everybody who came back from ORCID: searched, filtered and sorted by the address alone. */
export default availablePage(async function ResearchersPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const actor = await requireStaff('seePeople')
  const t = await getTranslations('staff.list')
  const { filters: asked, notices } = parseListFilters(await searchParams)
  const filters = withUsualSort(asked)
  // Whoever has somebody on the telephone types what they hear into the first field there is.
  const attempt = filters.q ? await findAttemptByReference(actor, filters.q) : null
  if (attempt) redirect(`/staff/attempts/${attempt.reference}`)
  const finding = findListing(actor, filters)
  const [found, scopes, departments] = await Promise.all([
    within(waitMs, finding),
    listAskable(),
    listDepartments(actor),
  ])
  const rows = <People actor={actor} finding={finding} filters={filters} scopes={scopes} />
  return (
    <div className="space-y-5">
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <h1>{t('title')}</h1>
        {may(actor, 'seeConflicts') ? (
          <a href="/staff/conflicts" className="no-print inline-flex min-h-8 items-center">
            {t('conflicts')}
          </a>
        ) : null}
      </div>
      <LeftOut names={notices} />
      <ResearcherForm actor={actor} filters={filters} scopes={scopes} departments={departments} />
      <ResearcherChips filters={filters} />
      {/* What is in Suspense is put in its place by script; `PeopleLoading` says how it is seen without. */}
      {found ? rows : <Suspense fallback={<PeopleLoading />}>{rows}</Suspense>}
      <ListKeys
        words={{ on: t('keys.on'), off: t('keys.off'), turnOff: t('keys.turnOff'), turnOn: t('keys.turnOn') }}
      />
    </div>
  )
})

/** Nobody has a day of connecting where people are known by their iD alone. */
function withUsualSort(filters: ListFilters): ListFilters {
  return filters.sort === null && env().orcid.api === 'public' ? { ...filters, sort: 'name' } : filters
}

function within<T>(ms: number, promise: Promise<T>): Promise<T | null> {
  return Promise.race([promise, new Promise<null>((resolve) => setTimeout(resolve, ms, null))])
}

async function LeftOut({ names }: { names: FilterName[] }) {
  const t = await getTranslations('staff.list')
  if (names.length === 0) return null
  return (
    <Notice tone="warn">
      <p>{t('ignored', { names: names.map((name) => t(`parameters.${name}`)).join('; ') })}</p>
    </Notice>
  )
}
