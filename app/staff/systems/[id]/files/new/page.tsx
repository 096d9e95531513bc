import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { BackLink } from '@/app/staff/_components/back-link'
import { RestoredInputNotice } from '@/app/staff/_components/restored-input-notice'
import { PlanForm } from '@/app/staff/systems/_components/plan-form'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { takeSavedFields } from '@/lib/auth/saved-form'
import { env } from '@/lib/config/env'
import { findPlanDraft } from '@/lib/exports/plan-drafts'
import type { TypedPlan } from '@/lib/exports/plan-schema'
import { readOne, type SearchParams } from '@/lib/list/search'
import { findSystem } from '@/lib/systems/queries'

type Props = { params: Promise<{ id: string }>; searchParams: Promise<SearchParams> }

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.systems.files'))('new'), robots: { index: false } }
}

/** Files on a timetable for a system. */
export default availablePage(async function NewPlanPage({ params, searchParams }: Props) {
  const actor = await requireStaff('manageSystems')
  const [system, query] = [await findSystem(actor, (await params).id), await searchParams]
  if (!system) notFound()
  const t = await getTranslations('staff.systems.files')
  const kept = readOne(query, 'kept') ? await takeSavedFields('/staff/systems/files/entry') : null
  const draft = kept ? null : await findPlanDraft(actor, system.id, readOne(query, 'draft'))
  const usual: TypedPlan = {
    format: 'jsonl',
    dn: 'uid={local_id},ou=people,dc=example,dc=org',
    every: 'daily',
    weekday: '1',
    hour: '6',
    place: env().exportFolder ? 'folder' : 'sftp',
    port: '22',
  }
  const typed = (kept as TypedPlan | null) ?? draft?.typed ?? usual
  return (
    <div className="max-w-[44rem] space-y-6">
      <BackLink href={`/staff/systems/${system.id}/files`}>{t('toList')}</BackLink>
      <h1>{t('new')}</h1>
      {kept ? <RestoredInputNotice /> : null}
      <PlanForm systemId={system.id} planId={null} typed={typed} faults={draft?.faults ?? []} />
    </div>
  )
})
