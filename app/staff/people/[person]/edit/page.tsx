import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { PersonLink } from '@/app/staff/_components/person-link'
import { RestoredInputNotice } from '@/app/staff/_components/restored-input-notice'
import { PersonForm, toTyped } from '@/app/staff/people/_components/person-form'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { takeSavedFields } from '@/lib/auth/saved-form'
import { readOne, type SearchParams } from '@/lib/list/search'
import type { TypedPerson } from '@/lib/people/form'
import { findFormDraft } from '@/lib/people/form-drafts'
import { findPerson, type ShownPerson } from '@/lib/people/queries'
import { listDepartments } from '@/lib/researchers/departments'

type Props = { params: Promise<{ person: string }>; searchParams: Promise<SearchParams> }

export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  const t = await getTranslations('staff.people.form')
  const title = t('edit')
  const isWrong = readOne(await searchParams, 'draft') !== null
  return { title: isWrong ? t('errorTitle', { title }) : title, robots: { index: false } }
}

/** The form that corrects what the roster says of somebody, with or without an iD. */
export default availablePage(async function EditPersonPage({ params, searchParams }: Props) {
  const actor = await requireStaff('editPeople')
  const id = z.uuid().safeParse((await params).person)
  const person = id.success ? await findPerson(actor, id.data) : null
  if (!person || person.mergedIntoId) notFound()
  const t = await getTranslations('staff.people.form')
  const query = await searchParams
  const saved = readOne(query, 'kept') ? await takeSavedFields('/staff/people/entry', { person: person.id }) : null
  const kept = toTyped(saved)
  const [draft, departments] = await Promise.all([
    findFormDraft(actor, person.id, readOne(query, 'draft')),
    listDepartments(actor),
  ])
  return (
    <div className="max-w-[40rem] space-y-6">
      <h1>{t('edit')}</h1>
      <p className="[overflow-wrap:anywhere]">
        <PersonLink id={person.id} orcid={person.orcid} name={person.name} />
      </p>
      <p className="text-ink-soft">{t('lead')}</p>
      {kept ? <RestoredInputNotice /> : null}
      <PersonForm
        personId={person.id}
        typed={kept ?? draft?.typed ?? toFields(person)}
        faults={kept ? [] : (draft?.faults ?? [])}
        departments={departments}
      />
    </div>
  )
})

function toFields({ appointments, ...person }: ShownPerson): TypedPerson {
  const primary = appointments.find((one) => one.primary)
  return {
    local_id: person.localId ?? '',
    given_name: person.givenName ?? '',
    family_name: person.familyName ?? '',
    email: person.email ?? '',
    department: person.department ?? '',
    kind: person.kind ?? 'staff',
    title: primary?.title ?? '',
    start: primary?.startOn ?? '',
    end: primary?.endOn ?? '',
    language: person.language ?? '',
    confidential: person.confidential ? 'yes' : '',
  }
}
