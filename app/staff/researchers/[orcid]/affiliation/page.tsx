import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { EntryForm, faultsOf, toGiven } from '@/app/staff/_components/entry-form'
import { PersonLink } from '@/app/staff/_components/person-link'
import { RestoredInputNotice } from '@/app/staff/_components/restored-input-notice'
import { WritingStatus } from '@/app/staff/_components/writing-status'
import { findPreview } from '@/lib/affiliations/drafts'
import { availablePage, requireMemberStaff } from '@/lib/auth/gates'
import { takeSavedFields } from '@/lib/auth/saved-form'
import { parseOrcid } from '@/lib/orcid/id'
import { findResearcher } from '@/lib/researchers/queries'

type Props = {
  params: Promise<{ orcid: string }>
  searchParams: Promise<{ draft?: string | string[]; kept?: string; change?: string }>
}

export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  const t = await getTranslations('staff.affiliations')
  const title = t('newTitle')
  const { draft, change } = await searchParams
  return { title: draft && !change ? t('errorTitle', { title }) : title, robots: { index: false } }
}

/** The form with which staff vouch for something about one person. */
export default availablePage(async function NewAffiliationPage({ params, searchParams }: Props) {
  const actor = await requireMemberStaff('writeAffiliations')
  const { orcid } = await params
  const researcher = parseOrcid(orcid) === orcid ? await findResearcher(actor, orcid) : null
  if (!researcher) notFound()
  const t = await getTranslations('staff.affiliations')
  const query = await searchParams
  const draft = z.uuid().safeParse(query.draft)
  const kept = query.kept ? toGiven(await takeSavedFields('/staff/affiliations/entry', { orcid })) : null
  const preview = draft.success ? await findPreview(actor, draft.data) : null
  return (
    <div className="max-w-[40rem] space-y-6">
      <h1>{t('newTitle')}</h1>
      <p className="[overflow-wrap:anywhere]">
        <PersonLink orcid={orcid} name={researcher.name} />
      </p>
      <WritingStatus actor={actor} />
      {kept ? <RestoredInputNotice /> : null}
      <EntryForm
        who={{ orcid }}
        given={kept ?? preview?.given[0]?.fields ?? { department: researcher.department ?? '' }}
        faults={preview ? faultsOf(preview) : []}
      />
    </div>
  )
})
