import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { BackTo } from '@/app/staff/_components/back-link'
import { RestoredInputNotice } from '@/app/staff/_components/restored-input-notice'
import { SystemForm } from '@/app/staff/systems/_components/system-form'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { takeSavedFields } from '@/lib/auth/saved-form'
import { readOne, type SearchParams } from '@/lib/list/search'
import { withParents } from '@/lib/people/person'
import { listDepartments } from '@/lib/researchers/departments'
import { findSystemDraft } from '@/lib/systems/form-drafts'
import { typedSystem } from '@/lib/systems/schema'

type Props = { searchParams: Promise<SearchParams> }

export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  const t = await getTranslations('staff.systems')
  const title = t('new')
  const isWrong = readOne(await searchParams, 'draft') !== null
  return { title: isWrong ? t('form.errorTitle', { title }) : title, robots: { index: false } }
}

/** What a system is and may do, before it has a key. */
export default availablePage(async function NewSystemPage({ searchParams }: Props) {
  const actor = await requireStaff('manageSystems')
  const t = await getTranslations('staff.systems')
  const query = await searchParams
  const kept = readOne(query, 'kept') ? await takeSavedFields('/staff/systems/entry') : null
  const draft = kept ? null : await findSystemDraft(actor, null, readOne(query, 'draft'))
  const typed = kept ? typedSystem.parse(kept) : (draft?.typed ?? { perMinute: '60' })
  return (
    <div className="max-w-[44rem] space-y-6">
      <div>
        <BackTo page="systems" />
        <h1>{t('new')}</h1>
      </div>
      {kept ? <RestoredInputNotice /> : null}
      <SystemForm
        id={null}
        receiver={null}
        typed={typed}
        faults={draft?.faults ?? []}
        offered={withParents(await listDepartments(actor))}
      />
    </div>
  )
})
