import { getFormatter, getTranslations } from 'next-intl/server'
import type { Audience } from '@/lib/campaigns/audience'
import type { Campaign } from '@/lib/campaigns/queries'

type Props = { campaign: Pick<Campaign, 'steps'>; leftOut: Audience['leftOut'] }

/** How many are left out of the first mail, by reason. Who declined is in none of them. */
export async function LeftOut({ campaign: { steps }, leftOut }: Props) {
  if (leftOut.length === 0) return null
  const t = await getTranslations('staff.campaigns.open')
  const format = await getFormatter()
  return (
    <section aria-labelledby="left-out" className="space-y-2">
      <h2 id="left-out">{t('leftOut')}</h2>
      <ul className="list-disc space-y-1 ps-5">
        {leftOut.map(({ reason, count }) => (
          <li key={reason}>
            <span className="font-semibold tabular-nums">{format.number(count)}</span>{' '}
            {t(`reasons.${reason}`, { count, audience: steps[0]?.audience ?? '' })}
          </li>
        ))}
      </ul>
    </section>
  )
}
