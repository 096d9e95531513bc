import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { BackLink } from '@/app/staff/_components/back-link'
import { getDayWords } from '@/app/staff/_components/day-words'
import { CampaignActions, CampaignEnd } from '@/app/staff/campaigns/_components/campaign-actions'
import { CampaignFacts } from '@/app/staff/campaigns/_components/campaign-facts'
import { CampaignState } from '@/app/staff/campaigns/_components/campaign-state'
import { Checklist } from '@/app/staff/campaigns/_components/checklist'
import { FunnelSection } from '@/app/staff/campaigns/_components/funnel-section'
import { Informed } from '@/app/staff/campaigns/_components/informed'
import { LeftOut } from '@/app/staff/campaigns/_components/left-out'
import { MailingList } from '@/app/staff/campaigns/_components/mailing-list'
import { MergeSection } from '@/app/staff/campaigns/_components/merge-section'
import { noteOf } from '@/app/staff/campaigns/_components/notes'
import { StepList } from '@/app/staff/campaigns/_components/step-list'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { type Audience, measureAudience } from '@/lib/campaigns/audience'
import { isStanding } from '@/lib/campaigns/campaign'
import { type CampaignFunnel, findFunnel } from '@/lib/campaigns/funnel'
import { type Campaign, findCampaign, findRefusals, listMailings } from '@/lib/campaigns/queries'
import { findMissing } from '@/lib/campaigns/readiness'
import { toDay } from '@/lib/config/day'
import { readOne, type SearchParams } from '@/lib/list/search'

type Props = { params: Promise<{ id: string }>; searchParams: Promise<SearchParams> }

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.campaigns'))('title'), robots: { index: false } }
}

/** A draft with what it still needs; afterwards how far it is, what goes out next, and the ways to stop it. */
export default availablePage(async function CampaignPage({ params, searchParams }: Props) {
  const actor = await requireStaff('seeCampaigns')
  const campaign = await findCampaign((await params).id)
  if (!campaign) notFound()
  const t = await getTranslations('staff.campaigns')
  const note = noteOf(readOne(await searchParams, 'note'))
  const isDraft = campaign.state === 'draft'
  const audience = isDraft && campaign.audience !== null ? await measureAudience(campaign) : null
  const missing = isDraft ? await findMissing(campaign, audience) : []
  const [funnel, refusals, mailings] = await Promise.all([
    findFunnel(actor, campaign),
    findRefusals(actor, campaign.id),
    listMailings(actor, campaign.id),
  ])
  return (
    <div className="max-w-[56rem] space-y-8">
      <div className="space-y-2">
        <BackLink href="/staff/campaigns">{t('toList')}</BackLink>
        <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
          <h1 dir="auto" translate="no">
            {campaign.name || t('untitled')}
          </h1>
          <CampaignState state={campaign.state} />
        </div>
        <p className="font-medium">
          {isDraft ? t('page.draft', { count: missing.length }) : await sayState(campaign, funnel)}
        </p>
      </div>
      {note ? <Notice tone={note.tone}>{t(`notes.${note.name}`)}</Notice> : null}
      <CampaignActions actor={actor} campaign={campaign} isReady={missing.length === 0} />
      <Checklist actor={actor} missing={missing} />
      {audience ? (
        <>
          <p>{await sayRecipients(campaign, audience)}</p>
          <LeftOut campaign={campaign} leftOut={audience.leftOut} />
        </>
      ) : null}
      {isDraft || campaign.audience === null ? null : (
        <FunnelSection campaign={campaign} funnel={funnel} refusals={refusals} />
      )}
      {isDraft || campaign.mailMerge || campaign.audience === null ? null : (
        <MailingList actor={actor} campaign={campaign} mailings={mailings} />
      )}
      {campaign.audience === null || campaign.mailMerge ? null : (
        <StepList actor={actor} campaign={campaign} mailings={mailings} />
      )}
      {isDraft ? null : <MergeSection actor={actor} campaign={campaign} />}
      {campaign.audience === null || isStanding(campaign) ? null : (
        <Informed actor={actor} campaign={campaign} isEmpty={note?.name === 'informed_empty'} />
      )}
      <CampaignFacts campaign={campaign} />
      <CampaignEnd actor={actor} campaign={campaign} />
    </div>
  )
})

async function sayRecipients({ mailMerge }: Campaign, { recipients, leftOut }: Audience): Promise<string> {
  const t = await getTranslations('staff.campaigns.page')
  const all = leftOut.reduce((sum, { count }) => sum + count, recipients)
  return t(mailMerge ? 'inFile' : 'recipients', { recipients, all })
}

async function sayState(campaign: Campaign, { all, isKept }: CampaignFunnel): Promise<string> {
  const t = await getTranslations('staff.campaigns.page')
  const toWords = await getDayWords()
  const { state, endsOn, closedAt, audience, pauseReason } = campaign
  const [invited, connected] = [all.invited, all.allowed + all.allowed_less]
  if (state === 'paused') return t(pauseReason === 'failures' ? 'pausedFailures' : 'paused')
  if (state === 'closed') {
    const day = closedAt ? toWords(toDay(closedAt)) : ''
    const isForgotten = (isKept || invited === 0) && audience !== null
    return isForgotten ? t('closedForgotten', { day }) : t('closed', { day, invited, connected })
  }
  if (isStanding(campaign)) return t('openStanding', { invited, answered: all.allowed })
  if (!endsOn) return t('openEndless')
  const day = toWords(endsOn)
  return audience === null ? t('openAnybody', { day }) : t('open', { day, invited, connected })
}
