import { getTranslations } from 'next-intl/server'
import { listHref } from '@/app/staff/_components/list-href'
import { NumberTile } from '@/app/staff/_components/number-tile'
import { env } from '@/lib/config/env'
import type { LinkedCount, Overview } from '@/lib/researchers/overview'

/** How many there are of each sort. Where nobody can be more than their iD, what is nobody is left out. */
export async function Numbers({ overview }: { overview: Overview }) {
  const t = await getTranslations('staff.overview')
  const tile = ({ filters, count }: LinkedCount) => ({ href: listHref(filters), count })
  const has = ({ count }: LinkedCount) => count > 0 || env().orcid.api === 'member'
  return (
    <section aria-labelledby="numbers" className="space-y-3">
      <h2 id="numbers">{t('numbers')}</h2>
      <ul className="grid grid-cols-2 gap-3 sm:grid-cols-3 xl:grid-cols-6">
        {has(overview.connected) ? <NumberTile {...tile(overview.connected)}>{t('connected')}</NumberTile> : null}
        <NumberTile {...tile(overview.identityOnly)}>{t('identityOnly')}</NumberTile>
        <NumberTile {...tile(overview.withdrawn)}>{t('withdrawnTile')}</NumberTile>
        <NumberTile {...tile(overview.expired)}>{t('expiredTile')}</NumberTile>
        {has(overview.askAgain) ? <NumberTile {...tile(overview.askAgain)}>{t('askAgainTile')}</NumberTile> : null}
        {has(overview.connectedLately) ? (
          <NumberTile {...tile(overview.connectedLately)} plus>
            {t('lately')}
          </NumberTile>
        ) : null}
      </ul>
    </section>
  )
}
