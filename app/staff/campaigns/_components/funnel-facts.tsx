import { getFormatter, getTranslations } from 'next-intl/server'
import { Fact, Facts } from '@/app/staff/_components/facts'
import { isStanding } from '@/lib/campaigns/campaign'
import type { Funnel } from '@/lib/campaigns/people'
import type { Campaign } from '@/lib/campaigns/queries'

/** How far those who are asked have come. */
export async function FunnelFacts({ campaign, funnel }: { campaign: Campaign; funnel: Funnel }) {
  const t = await getTranslations('staff.campaigns.funnel')
  const format = await getFormatter()
  const steps = isStanding(campaign)
    ? (['invited', 'mailed', 'allowed'] as const)
    : campaign.mailMerge
      ? (['invited', 'connected', 'allowed'] as const)
      : (['invited', 'mailed', 'connected', 'allowed'] as const)
  return (
    <section aria-labelledby="funnel" className="space-y-2">
      <h2 id="funnel">{t('title')}</h2>
      <Facts label={t('title')}>
        {steps.map((step) => (
          <Fact key={step} name={t(step === 'allowed' && isStanding(campaign) ? 'answered' : step)}>
            <span className="font-semibold text-lg tabular-nums">{format.number(funnel[step])}</span>
          </Fact>
        ))}
      </Facts>
    </section>
  )
}
