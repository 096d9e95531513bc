import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { BackTo } from '@/app/staff/_components/back-link'
import { RestoredInputNotice } from '@/app/staff/_components/restored-input-notice'
import { PersonForm, toTyped } from '@/app/staff/people/_components/person-form'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { takeSavedFields } from '@/lib/auth/saved-form'
import { readOne, type SearchParams } from '@/lib/list/search'
import { findFormDraft } from '@/lib/people/form-drafts'
import { listDepartments } from '@/lib/researchers/departments'

type Props = { searchParams: Promise<SearchParams> }

export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  const t = await getTranslations('staff.people.form')
  const title = t('new')
  const isWrong = readOne(await searchParams, 'draft') !== null
  return { title: isWrong ? t('errorTitle', { title }) : title, robots: { index: false } }
}

/** The form that puts somebody on the roster. */
export default availablePage(async function NewPersonPage({ searchParams }: Props) {
  const actor = await requireStaff('editPeople')
  const t = await getTranslations('staff.people.form')
  const query = await searchParams
  const kept = readOne(query, 'kept') ? toTyped(await takeSavedFields('/staff/people/entry')) : null
  const [draft, departments] = await Promise.all([
    findFormDraft(actor, null, readOne(query, 'draft')),
    listDepartments(actor),
  ])
  return (
    <div className="max-w-[40rem] space-y-6">
      <div>
        <BackTo page="people" />
        <h1>{t('new')}</h1>
      </div>
      <p className="text-ink-soft">{t('lead')}</p>
      {kept ? <RestoredInputNotice /> : null}
      <PersonForm
        typed={kept ?? draft?.typed ?? {}}
        faults={kept ? [] : (draft?.faults ?? [])}
        departments={departments}
      />
    </div>
  )
})
