import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { EntryForm, faultsOf, toGiven } from '@/app/staff/_components/entry-form'
import { PersonLink } from '@/app/staff/_components/person-link'
import { RestoredInputNotice } from '@/app/staff/_components/restored-input-notice'
import { findPreview } from '@/lib/affiliations/drafts'
import { findAffiliation } from '@/lib/affiliations/queries'
import { availablePage, requireMemberStaff } from '@/lib/auth/gates'
import { takeSavedFields } from '@/lib/auth/saved-form'

type Props = {
  params: Promise<{ affiliation: string }>
  searchParams: Promise<{ draft?: string | string[]; kept?: string; change?: string }>
}

export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  const t = await getTranslations('staff.affiliations')
  const title = t('editTitle')
  const { draft, change } = await searchParams
  return { title: draft && !change ? t('errorTitle', { title }) : title, robots: { index: false } }
}

/** The form with which staff change or end an item. */
export default availablePage(async function EditAffiliationPage({ params, searchParams }: Props) {
  const actor = await requireMemberStaff('writeAffiliations')
  const id = z.uuid().safeParse((await params).affiliation)
  const item = id.success ? await findAffiliation(actor, id.data) : null
  // A work is changed by whoever sent it: a system, or a file.
  if (!item || item.kind === 'work') notFound()
  const t = await getTranslations('staff.affiliations')
  const query = await searchParams
  const draft = z.uuid().safeParse(query.draft)
  const kept = query.kept ? toGiven(await takeSavedFields('/staff/affiliations/entry', { affiliation: item.id })) : null
  const preview = draft.success ? await findPreview(actor, draft.data) : null
  const { title, department, startOn, endOn, url, person } = item
  const now = { title, department: department ?? '', start: startOn ?? '', end: endOn ?? '', url: url ?? '' }
  return (
    <div className="max-w-[40rem] space-y-6">
      <h1>{t('editTitle')}</h1>
      <p className="[overflow-wrap:anywhere]">
        <PersonLink {...person} />
      </p>
      {kept ? <RestoredInputNotice /> : null}
      <EntryForm
        who={{ person: person.id }}
        affiliationId={item.id}
        given={kept ?? preview?.given[0]?.fields ?? now}
        faults={preview ? faultsOf(preview) : []}
      />
    </div>
  )
})
