import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { RestoredInputNotice } from '@/app/staff/_components/restored-input-notice'
import { CampaignForm } from '@/app/staff/campaigns/_components/campaign-form'
import { toTypedCampaign } from '@/app/staff/campaigns/_components/typed-form'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { takeSavedFields } from '@/lib/auth/saved-form'
import { listAddressedLanguages } from '@/lib/campaigns/audience'
import { findCampaignDraft } from '@/lib/campaigns/form-drafts'
import { findCampaign } from '@/lib/campaigns/queries'
import { findMissing } from '@/lib/campaigns/readiness'
import { typedCampaign } from '@/lib/campaigns/schema'
import { readOne, type SearchParams } from '@/lib/list/search'
import { listViews } from '@/lib/people/saved-views'

type Props = { params: Promise<{ id: string }>; searchParams: Promise<SearchParams> }

export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  const t = await getTranslations('staff.campaigns.form')
  const isWrong = readOne(await searchParams, 'draft') !== null
  const title = t('editTitle')
  return { title: isWrong ? t('errorTitle', { title }) : title, robots: { index: false } }
}

/** The form of a campaign; of one that is open, what may still change. */
export default availablePage(async function EditCampaignPage({ params, searchParams }: Props) {
  const actor = await requireStaff('writeCampaigns')
  const campaign = await findCampaign((await params).id)
  if (!campaign || campaign.state === 'closed') notFound()
  const t = await getTranslations('staff.campaigns.form')
  const query = await searchParams
  const saved = readOne(query, 'kept') ? await takeSavedFields('/staff/campaigns/change') : null
  const kept = saved ? (typedCampaign.safeParse(saved).data ?? null) : null
  const isRunning = campaign.state !== 'draft'
  const [draft, views, missing, addressed] = await Promise.all([
    findCampaignDraft(actor, campaign.id, readOne(query, 'draft')),
    listViews(actor),
    isRunning ? [] : findMissing(campaign, null),
    isRunning ? [] : listAddressedLanguages(campaign),
  ])
  return (
    <div className="max-w-[48rem] space-y-6">
      <h1>{t('editTitle')}</h1>
      {isRunning ? <Notice>{t('running')}</Notice> : null}
      {kept ? <RestoredInputNotice /> : null}
      <CampaignForm
        id={campaign.id}
        typed={kept ?? draft?.typed ?? toTypedCampaign(campaign)}
        faults={kept ? [] : (draft?.faults ?? [])}
        missing={kept || draft ? [] : missing}
        views={views}
        addressed={addressed}
        isRunning={isRunning}
        kind={campaign.kind}
      />
    </div>
  )
})
