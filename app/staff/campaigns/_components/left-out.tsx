import { getFormatter, getTranslations } from 'next-intl/server'
import type { Audience } from '@/lib/campaigns/audience'

/** How many are left out, by reason. Who declined is in none of them. */
export async function LeftOut({ leftOut }: Pick<Audience, 'leftOut'>) {
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
            {t(`reasons.${reason}`, { count })}
          </li>
        ))}
      </ul>
    </section>
  )
}
