import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { RestoredInputNotice } from '@/app/staff/_components/restored-input-notice'
import { SystemForm } from '@/app/staff/systems/_components/system-form'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { takeSavedFields } from '@/lib/auth/saved-form'
import { readOne, type SearchParams } from '@/lib/list/search'
import { withParents } from '@/lib/people/person'
import { listDepartments } from '@/lib/researchers/departments'
import { findSystemDraft } from '@/lib/systems/form-drafts'
import { findSystem } from '@/lib/systems/queries'
import { toTypedSystem, typedSystem } from '@/lib/systems/schema'

type Props = { params: Promise<{ id: string }>; searchParams: Promise<SearchParams> }

export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  const t = await getTranslations('staff.systems')
  const title = t('page.edit')
  const isWrong = readOne(await searchParams, 'draft') !== null
  return { title: isWrong ? t('form.errorTitle', { title }) : title, robots: { index: false } }
}

/** Changes a system; what concerns people is told to them first. */
export default availablePage(async function EditSystemPage({ params, searchParams }: Props) {
  const actor = await requireStaff('manageSystems')
  const system = await findSystem(actor, (await params).id)
  if (!system) notFound()
  const t = await getTranslations('staff.systems')
  const query = await searchParams
  const kept = readOne(query, 'kept') ? await takeSavedFields('/staff/systems/entry') : null
  const draft = kept ? null : await findSystemDraft(actor, system.id, readOne(query, 'draft'))
  const typed = kept ? typedSystem.parse(kept) : (draft?.typed ?? toTypedSystem(system))
  return (
    <div className="max-w-[44rem] space-y-6">
      <h1>{t('form.changeTitle', { name: system.name })}</h1>
      {kept ? <RestoredInputNotice /> : null}
      <SystemForm
        id={system.id}
        receiver={system.receiver ?? null}
        typed={typed}
        faults={draft?.faults ?? []}
        offered={withParents(await listDepartments(actor))}
      />
    </div>
  )
})
