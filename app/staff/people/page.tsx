import '@/app/staff/researchers/people.css'
import { Upload, UserPlus } from 'lucide-react'
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { FilterChips } from '@/app/staff/_components/filter-chips'
import { ConfidentialNotice } from '@/app/staff/people/_components/confidential-notice'
import { describePeopleFilters } from '@/app/staff/people/_components/people-filter-words'
import { PeopleForm } from '@/app/staff/people/_components/people-form'
import { PeopleResult } from '@/app/staff/people/_components/people-result'
import { SavedViews } from '@/app/staff/people/_components/saved-views'
import { ListKeys } from '@/app/staff/researchers/_components/list-keys'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { readOne, type SearchParams } from '@/lib/list/search'
import { findPeoplePage } from '@/lib/people/listing'
import { withParents } from '@/lib/people/person'
import { listViews } from '@/lib/people/saved-views'
import { listIgnored, noPeopleFilters, parsePeopleFilters, peopleHref } from '@/lib/people/schema'
import { listDepartments } from '@/lib/researchers/departments'
import { may } from '@/lib/staff/abilities'
import { listAskable } from '@/lib/texts/asked'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.people'))('title'), robots: { index: false } }
}

const notes = ['hidden', 'view-saved', 'view-unnamed', 'view-full', 'view-deleted', 'nobody', 'ignored'] as const
const warnings: readonly string[] = ['view-unnamed', 'view-full', 'nobody', 'ignored']

/** Everybody on the roster and everybody who connected: searched, filtered and sorted by the address alone. */
export default availablePage(async function PeoplePage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const actor = await requireStaff('seePeople')
  const t = await getTranslations('staff.people')
  const keys = await getTranslations('staff.list.keys')
  const params = await searchParams
  const filters = parsePeopleFilters(params)
  const scopes = await listAskable()
  const said = readOne(params, 'note')
  const note = notes.find((one) => one === said) ?? (listIgnored(params).length > 0 ? 'ignored' : null)
  const [page, departments, chips, views] = await Promise.all([
    findPeoplePage(actor, filters, scopes),
    listDepartments(actor),
    describePeopleFilters(filters),
    listViews(actor),
  ])
  const list = { filters, none: { ...noPeopleFilters, sort: filters.sort }, chips, href: peopleHref }
  return (
    <div className="space-y-5">
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <h1>{t('title')}</h1>
        <div className="no-print flex flex-wrap gap-3 empty:hidden">
          {may(actor, 'importPeople') ? (
            <a href="/staff/import" className="btn btn-quiet">
              <Upload size={20} />
              {t('import')}
            </a>
          ) : null}
          {may(actor, 'editPeople') ? (
            <a href="/staff/people/new" className="btn btn-quiet">
              <UserPlus size={20} />
              {t('add')}
            </a>
          ) : null}
        </div>
      </div>
      <p className="max-w-[65ch] text-ink-soft">{t('lead')}</p>
      {note ? <Notice tone={warnings.includes(note) ? 'warn' : 'good'}>{t(`notes.${note}`)}</Notice> : null}
      <SavedViews actor={actor} views={views} filters={filters} />
      <PeopleForm actor={actor} filters={filters} departments={withParents(departments)} />
      <FilterChips {...list} />
      <ConfidentialNotice actor={actor} q={filters.q} />
      <PeopleResult actor={actor} list={list} page={page} scopes={scopes} />
      <ListKeys words={{ on: keys('on'), off: keys('off'), turnOff: keys('turnOff'), turnOn: keys('turnOn') }} />
    </div>
  )
})
