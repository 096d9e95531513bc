import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { ConfirmCheckbox } from '@/app/_components/confirm-checkbox'
import type { StaffActor } from '@/lib/actor'
import type { Campaign } from '@/lib/campaigns/queries'
import { may } from '@/lib/staff/abilities'

type Props = { actor: StaffActor; campaign: Campaign; isReady: boolean }

/** What can be done with a campaign now. */
export async function CampaignActions({ actor, campaign, isReady }: Props) {
  const t = await getTranslations('staff.campaigns')
  const { id, state } = campaign
  const mayWrite = may(actor, 'writeCampaigns')
  const mayOpen = may(actor, 'openCampaigns')
  return (
    <div className="no-print space-y-4 empty:hidden">
      <div className="flex flex-wrap items-center gap-3 empty:hidden">
        {state === 'draft' && isReady && mayOpen ? (
          <a href={`/staff/campaigns/${id}/open`} className="btn btn-primary">
            {t('page.openNow')}
          </a>
        ) : null}
        {mayWrite && state !== 'closed' ? (
          <a
            href={`/staff/campaigns/${id}/edit`}
            className={state === 'draft' && !isReady ? 'btn btn-primary' : 'btn btn-quiet'}
          >
            {t('page.edit')}
          </a>
        ) : null}
        {mayWrite && state === 'open' ? <StateForm id={id} action="pause" words={t('actions.pause')} /> : null}
        {mayWrite && state === 'paused' ? <StateForm id={id} action="resume" words={t('actions.resume')} /> : null}
        {state === 'draft' || campaign.audience === null ? null : (
          <a href={`/staff/campaigns/${id}/people`} className="btn btn-quiet">
            {t('page.people')}
          </a>
        )}
      </div>
      {state === 'draft' && isReady && !mayOpen ? <p className="note">{t('page.whoOpens')}</p> : null}
    </div>
  )
}

/** The way to end a campaign, or to delete a draft, below everything else. */
export async function CampaignEnd({ actor, campaign }: { actor: StaffActor; campaign: Campaign }) {
  if (!may(actor, 'writeCampaigns') || campaign.state === 'closed') return null
  const t = await getTranslations('staff.campaigns.actions')
  const isDraft = campaign.state === 'draft'
  return (
    <details className="no-print">
      <summary className="min-h-6 text-sm">{t(isDraft ? 'delete' : 'close')}</summary>
      <div className="mt-3">
        <StateForm id={campaign.id} action={isDraft ? 'delete' : 'close'} words={t(isDraft ? 'delete' : 'end')}>
          <ConfirmCheckbox>{t(isDraft ? 'deleteSure' : 'closeSure')}</ConfirmCheckbox>
        </StateForm>
      </div>
    </details>
  )
}

type FormProps = { id: string; action: string; words: string; children?: ReactNode }

function StateForm({ id, action, words, children }: FormProps) {
  return (
    <form method="post" action="/staff/campaigns/state" className="space-y-3">
      <input type="hidden" name="campaign" value={id} />
      <input type="hidden" name="action" value={action} />
      {children}
      <button type="submit" className="btn btn-quiet">
        {words}
      </button>
    </form>
  )
}
