import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { PersonLink } from '@/app/staff/_components/person-link'
import { EntryForm, faultsOf } from '@/app/staff/affiliations/_components/entry-form'
import { findPreview } from '@/lib/affiliations/drafts'
import { findAffiliation } from '@/lib/affiliations/queries'
import { availablePage, requireStaff } from '@/lib/auth/gates'

type Props = { params: Promise<{ affiliation: string }>; searchParams: Promise<{ draft?: string | string[] }> }

export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  const t = await getTranslations('staff.affiliations')
  const title = t('editTitle')
  return { title: (await searchParams).draft ? t('errorTitle', { title }) : title, robots: { index: false } }
}

/** The form with which staff change or end an item. */
export default availablePage(async function EditAffiliationPage({ params, searchParams }: Props) {
  const actor = await requireStaff('manager')
  const id = z.uuid().safeParse((await params).affiliation)
  const item = id.success ? await findAffiliation(actor, id.data) : null
  if (!item) notFound()
  const t = await getTranslations('staff.affiliations')
  const draft = z.uuid().safeParse((await searchParams).draft)
  const preview = draft.success ? await findPreview(actor, draft.data) : null
  const { title, department, startOn, endOn, url, researcher } = item
  const now = { title, department: department ?? '', start: startOn ?? '', end: endOn ?? '', url: url ?? '' }
  return (
    <div className="max-w-[40rem] space-y-6">
      <h1>{t('editTitle')}</h1>
      <p className="[overflow-wrap:anywhere]">
        <PersonLink orcid={researcher.orcid} name={researcher.name} />
      </p>
      <EntryForm
        orcid={researcher.orcid}
        affiliationId={item.id}
        given={preview?.given[0]?.fields ?? now}
        faults={preview ? faultsOf(preview) : []}
      />
    </div>
  )
})
