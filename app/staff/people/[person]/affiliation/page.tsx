import type { Metadata } from 'next'
import { notFound, redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { EntryForm, faultsOf, toGiven } from '@/app/staff/_components/entry-form'
import { PersonLink } from '@/app/staff/_components/person-link'
import { RestoredInputNotice } from '@/app/staff/_components/restored-input-notice'
import { WritingStatus } from '@/app/staff/_components/writing-status'
import { findPreview } from '@/lib/affiliations/drafts'
import { availablePage, requireMemberStaff } from '@/lib/auth/gates'
import { takeSavedFields } from '@/lib/auth/saved-form'
import { readOne, type SearchParams } from '@/lib/list/search'
import { findPersonPage } from '@/lib/people/queries'

type Props = { params: Promise<{ person: string }>; searchParams: Promise<SearchParams> }

export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  const t = await getTranslations('staff.affiliations')
  const title = t('newTitle')
  const query = await searchParams
  const isWrong = readOne(query, 'draft') !== null && readOne(query, 'change') === null
  return { title: isWrong ? t('errorTitle', { title }) : title, robots: { index: false } }
}

/** The form with which staff vouch for something about somebody who has not connected. */
export default availablePage(async function NewWaitingItemPage({ params, searchParams }: Props) {
  const actor = await requireMemberStaff('writeAffiliations')
  const found = await findPersonPage(actor, (await params).person)
  if (!found) notFound()
  if ('leadsTo' in found) redirect(`${found.leadsTo}/affiliation`)
  const { id, name, department } = found.person
  const [t, people] = [await getTranslations('staff.affiliations'), await getTranslations('staff.people.person')]
  const query = await searchParams
  const draft = z.uuid().safeParse(readOne(query, 'draft'))
  const kept = readOne(query, 'kept')
    ? toGiven(await takeSavedFields('/staff/affiliations/entry', { person: id }))
    : null
  const preview = draft.success ? await findPreview(actor, draft.data) : null
  return (
    <div className="max-w-[40rem] space-y-6">
      <h1>{t('newTitle')}</h1>
      <p className="[overflow-wrap:anywhere]">
        <PersonLink id={id} orcid={null} name={name} />
      </p>
      <p className="note">{people('addItemMeans')}</p>
      <WritingStatus actor={actor} />
      {kept ? <RestoredInputNotice /> : null}
      <EntryForm
        who={{ person: id }}
        given={kept ?? preview?.given[0]?.fields ?? { department: department ?? '' }}
        faults={preview ? faultsOf(preview) : []}
      />
    </div>
  )
})
