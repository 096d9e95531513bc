import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { RestoredInputNotice } from '@/app/staff/_components/restored-input-notice'
import { PlanForm } from '@/app/staff/systems/_components/plan-form'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { takeSavedFields } from '@/lib/auth/saved-form'
import { findPlanDraft } from '@/lib/exports/plan-drafts'
import { findPlan } from '@/lib/exports/plan-queries'
import { type TypedPlan, toTypedPlan } from '@/lib/exports/plan-schema'
import { readOne, type SearchParams } from '@/lib/list/search'

type Props = { params: Promise<{ id: string; plan: string }>; searchParams: Promise<SearchParams> }

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.systems.files'))('change'), robots: { index: false } }
}

/** Changes files on a timetable. */
export default availablePage(async function EditPlanPage({ params, searchParams }: Props) {
  const actor = await requireStaff('manageSystems')
  const [{ id, plan: planId }, query] = [await params, await searchParams]
  const plan = await findPlan(actor, id, planId)
  if (!plan || plan.state === 'ended') notFound()
  const t = await getTranslations('staff.systems.files')
  const kept = readOne(query, 'kept') ? await takeSavedFields('/staff/systems/files/entry') : null
  const draft = kept ? null : await findPlanDraft(actor, planId, readOne(query, 'draft'))
  return (
    <div className="max-w-[44rem] space-y-6">
      <p className="no-print text-sm">
        <a href={`/staff/systems/${id}/files/${planId}`}>{t('toPlan')}</a>
      </p>
      <h1>{t('change')}</h1>
      {kept ? <RestoredInputNotice /> : null}
      <PlanForm
        systemId={id}
        planId={planId}
        typed={(kept as TypedPlan | null) ?? draft?.typed ?? toTypedPlan(plan)}
        faults={draft?.faults ?? []}
      />
    </div>
  )
})
