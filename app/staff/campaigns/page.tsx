import '@/app/staff/_components/rows.css'
import { Plus } from 'lucide-react'
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Answer } from '@/app/_components/answer'
import { EmptyState } from '@/app/_components/empty-state'
import { Notice } from '@/app/_components/notice'
import { TableHead } from '@/app/staff/_components/table-head'
import { CampaignState } from '@/app/staff/campaigns/_components/campaign-state'
import { getDatesWords } from '@/app/staff/campaigns/_components/campaign-words'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { isStanding } from '@/lib/campaigns/campaign'
import { type ListedCampaign, listCampaigns } from '@/lib/campaigns/queries'
import { readOne, type SearchParams } from '@/lib/list/search'
import { may } from '@/lib/staff/abilities'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.campaigns'))('title'), robots: { index: false } }
}

const notes = ['too-large', 'deleted'] as const

/** All campaigns, newest first, each with how far it is. */
export default availablePage(async function CampaignsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const actor = await requireStaff('seeCampaigns')
  const t = await getTranslations('staff.campaigns')
  const campaigns = await listCampaigns(actor)
  const said = readOne(await searchParams, 'note')
  const note = notes.find((one) => one === said)
  const mayWrite = may(actor, 'writeCampaigns')
  return (
    <div className="space-y-5">
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <h1>{t('title')}</h1>
        {mayWrite && campaigns.length > 0 ? (
          <a href="/staff/campaigns/new" className="btn btn-primary no-print">
            <Plus size={20} />
            {t('new')}
          </a>
        ) : null}
      </div>
      <Answer tone="plain">
        {t('answer', { count: campaigns.filter(isOpen).length })}{' '}
        <span className="block text-base text-ink-soft">{t('lead')}</span>
      </Answer>
      {note ? <Notice tone={note === 'deleted' ? 'good' : 'warn'}>{t(`notes.${note}`)}</Notice> : null}
      {campaigns.length === 0 ? (
        <EmptyState action={mayWrite ? { href: '/staff/campaigns/new', label: t('new'), isMain: true } : null}>
          {t('empty')}
        </EmptyState>
      ) : (
        <CampaignTable campaigns={campaigns} />
      )}
      <p className="no-print flex flex-wrap gap-x-6 gap-y-2">
        {may(actor, 'writeMailTexts') ? <a href="/staff/campaigns/texts">{t('texts')}</a> : null}
        {may(actor, 'stopMail') ? <a href="/staff/campaigns/mail">{t('mail')}</a> : null}
        {may(actor, 'writeCampaigns') ? <a href="/staff/campaigns/suppressions">{t('suppressions')}</a> : null}
      </p>
    </div>
  )
})

const isOpen = ({ state }: ListedCampaign) => state === 'open'

async function CampaignTable({ campaigns }: { campaigns: readonly ListedCampaign[] }) {
  const t = await getTranslations('staff.campaigns')
  const toDates = await getDatesWords()
  const columns = ['name', 'state', 'dates', 'progress'] as const
  return (
    <div className="rows">
      <table>
        <TableHead caption={t('title')} heads={columns.map((column) => t(`columns.${column}`))} />
        <tbody>
          {campaigns.map((campaign) => (
            <tr key={campaign.id}>
              <td data-place="name">
                <a href={`/staff/campaigns/${campaign.id}`} dir="auto" translate="no" className="whole-row">
                  {campaign.name || t('untitled')}
                </a>
              </td>
              <td data-place="state">
                <CampaignState state={campaign.state} />
              </td>
              <td data-place="dates">{toDates(campaign)}</td>
              <td data-place="progress">
                {campaign.audience === null
                  ? t('anybody')
                  : t('progress', {
                      invited: campaign.invited,
                      // Everybody whom a standing campaign asks is connected.
                      connected: isStanding(campaign) ? 0 : campaign.connected,
                    })}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
