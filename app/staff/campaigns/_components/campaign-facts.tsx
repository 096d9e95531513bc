import { getTranslations } from 'next-intl/server'
import { Fact, Facts } from '@/app/staff/_components/facts'
import { describeAudience, getDatesWords, getScopeWords } from '@/app/staff/campaigns/_components/campaign-words'
import type { Campaign } from '@/lib/campaigns/queries'
import { env } from '@/lib/config/env'

/** What a campaign is: its link, for whom, for what and until when. */
export async function CampaignFacts({ campaign }: { campaign: Campaign }) {
  const t = await getTranslations('staff.campaigns.page')
  const [toDates, toScope] = [await getDatesWords(), await getScopeWords()]
  const { purpose, scopes, newcomersAfterDays, newcomersPerDay, mailMerge, audience } = campaign
  const asked = {
    ask: scopes.map(toScope).join(' · ') || t('onlyId'),
    expiring: t('asWhatTheyAllow'),
    check_up: t('nothingAsked'),
  }[campaign.kind]
  return (
    <section aria-labelledby="facts" className="space-y-4">
      <h2 id="facts">{t('facts')}</h2>
      {purpose ? (
        <p dir="auto" translate="no" className="max-w-[65ch] whitespace-pre-line [overflow-wrap:anywhere]">
          {purpose}
        </p>
      ) : null}
      <Facts label={t('facts')}>
        <Fact name={t('whom')}>{await describeAudience(audience)}</Fact>
        <Fact name={t('permissions')}>{asked}</Fact>
        <Fact name={t('when')}>{toDates(campaign)}</Fact>
        {audience === null ? null : (
          <Fact name={t('newcomers')}>
            {newcomersAfterDays === null
              ? t('nobodyNew')
              : t('newcomersWords', { days: newcomersAfterDays, perDay: newcomersPerDay ?? 0 })}
          </Fact>
        )}
      </Facts>
      {mailMerge ? <p>{t('byMerge')}</p> : null}
      <PublicLink campaign={campaign} />
    </section>
  )
}

/** A standing campaign has none: it asks people who are connected. */
async function PublicLink({ campaign: { id, code, kind } }: { campaign: Campaign }) {
  if (kind !== 'ask') return null
  const t = await getTranslations('staff.campaigns.page')
  return (
    <div className="space-y-1">
      <p>
        {t('publicLink')}:{' '}
        <a href={`/c/${code}`} dir="ltr" translate="no" className="mono [overflow-wrap:anywhere]">
          {`${env().origin}/c/${code}`}
        </a>
      </p>
      <p className="note">
        {t('publicLinkHint')}{' '}
        <a href={`/staff/campaigns/${id}/link`} className="no-print">
          {t('publicLinkCopies')}
        </a>
      </p>
    </div>
  )
}
