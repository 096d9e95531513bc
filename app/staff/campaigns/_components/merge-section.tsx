import { FileDown } from 'lucide-react'
import { getTranslations } from 'next-intl/server'
import type { StaffActor } from '@/lib/actor'
import { isStanding } from '@/lib/campaigns/campaign'
import type { Campaign } from '@/lib/campaigns/queries'
import { may } from '@/lib/staff/abilities'

/** The file for a mail merge: a form, because each file makes new links. A standing campaign has none: its mail is personal. */
export async function MergeSection({ actor, campaign }: { actor: StaffActor; campaign: Campaign }) {
  if (campaign.audience === null || isStanding(campaign) || !may(actor, 'exportLinks')) return null
  const t = await getTranslations('staff.campaigns.merge')
  return (
    <section id="merge" aria-labelledby="merge-title" className="no-print space-y-3">
      <h2 id="merge-title">{t('title')}</h2>
      <p className="max-w-[65ch] text-ink-soft">{t('lead')}</p>
      {campaign.state === 'open' ? (
        <form method="post" action="/staff/campaigns/merge" className="flex flex-wrap gap-3">
          <input type="hidden" name="campaign" value={campaign.id} />
          {(['csv', 'xlsx'] as const).map((format) => (
            <button key={format} type="submit" name="format" value={format} className="btn btn-quiet">
              <FileDown size={20} />
              {t(format)}
            </button>
          ))}
        </form>
      ) : (
        <p className="note">{t('closed')}</p>
      )}
    </section>
  )
}
