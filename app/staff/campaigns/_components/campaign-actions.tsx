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
  const isRunning = state === 'open' || state === 'paused'
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
      {mayWrite && (state === 'draft' || isRunning) ? (
        <details>
          <summary className="min-h-6 text-sm">{t(state === 'draft' ? 'actions.delete' : 'actions.close')}</summary>
          <div className="mt-3">
            <StateForm
              id={id}
              action={state === 'draft' ? 'delete' : 'close'}
              words={t(state === 'draft' ? 'actions.delete' : 'actions.end')}
            >
              <ConfirmCheckbox>{t(state === 'draft' ? 'actions.deleteSure' : 'actions.closeSure')}</ConfirmCheckbox>
            </StateForm>
          </div>
        </details>
      ) : null}
    </div>
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
