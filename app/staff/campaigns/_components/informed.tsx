import { getTranslations } from 'next-intl/server'
import { When } from '@/app/_components/when'
import { field } from '@/app/staff/_components/fields'
import type { StaffActor } from '@/lib/actor'
import { textMax } from '@/lib/campaigns/campaign'
import type { Campaign } from '@/lib/campaigns/queries'
import { may } from '@/lib/staff/abilities'

/** `isEmpty`: nothing was written in the form that was just sent. */
type Props = { actor: StaffActor; campaign: Campaign; isEmpty: boolean }

/** An administrator's record of how people were told that they are on the roster. */
export async function Informed({ actor, campaign, isEmpty }: Props) {
  const t = await getTranslations('staff.campaigns.informed')
  const audit = await getTranslations('staff.audit')
  const { informed, informedAt, informedBy, state } = campaign
  const who = informedBy?.name ?? informedBy?.orcid ?? audit('erased')
  return (
    <section id="informed" aria-labelledby="informed-title" className="space-y-3">
      <h2 id="informed-title">{t('title')}</h2>
      {informed && informedAt ? (
        <>
          <p dir="auto" translate="no" className="whitespace-pre-line [overflow-wrap:anywhere]">
            {informed}
          </p>
          <p className="note">{t.rich('by', { who, when: () => <When key="when" at={informedAt} /> })}</p>
        </>
      ) : (
        <p className="max-w-[65ch] text-ink-soft">
          {t('lead')} <a href="/privacy/roster">{t('page')}</a>
        </p>
      )}
      {state === 'closed' ? null : !may(actor, 'openCampaigns') ? (
        informed ? null : (
          <p className="note">{t('admins')}</p>
        )
      ) : informed ? (
        <details className="no-print" open={isEmpty}>
          <summary className="inline-flex min-h-6 items-center text-accent underline">{t('change')}</summary>
          <InformedForm campaign={campaign} />
        </details>
      ) : (
        <InformedForm campaign={campaign} />
      )}
    </section>
  )
}

async function InformedForm({ campaign: { id, informed } }: { campaign: Campaign }) {
  const t = await getTranslations('staff.campaigns.informed')
  return (
    <form method="post" action="/staff/campaigns/informed" className="no-print mt-3 max-w-[40rem] space-y-3">
      <input type="hidden" name="campaign" value={id} />
      <label className="block space-y-1">
        <span className="block font-semibold">{t('label')}</span>
        <textarea
          name="informed"
          rows={3}
          maxLength={textMax.informed}
          required
          dir="auto"
          translate="no"
          defaultValue={informed ?? ''}
          className={`${field} py-2`}
        />
      </label>
      <button type="submit" className="btn btn-quiet">
        {t('record')}
      </button>
    </form>
  )
}
