import { getTranslations } from 'next-intl/server'
import { listHref } from '@/app/staff/_components/list-href'
import { TallyTile } from '@/app/staff/_components/tally-tile'
import { env } from '@/lib/config/env'
import type { Overview, Tally } from '@/lib/researchers/overview'

/** How many there are of each sort. Where nobody can be more than their iD, what is nobody is left out. */
export async function Numbers({ overview }: { overview: Overview }) {
  const t = await getTranslations('staff.overview')
  const tile = ({ filters, count }: Tally) => ({ href: listHref(filters), count })
  const has = ({ count }: Tally) => count > 0 || env().orcid.api === 'member'
  return (
    <section aria-labelledby="numbers" className="space-y-3">
      <h2 id="numbers">{t('numbers')}</h2>
      <ul className="grid grid-cols-2 gap-3 sm:grid-cols-3 xl:grid-cols-6">
        {has(overview.connected) ? <TallyTile {...tile(overview.connected)}>{t('connected')}</TallyTile> : null}
        <TallyTile {...tile(overview.identityOnly)}>{t('identityOnly')}</TallyTile>
        <TallyTile {...tile(overview.withdrawn)}>{t('withdrawnTile')}</TallyTile>
        <TallyTile {...tile(overview.expired)}>{t('expiredTile')}</TallyTile>
        {has(overview.askAgain) ? <TallyTile {...tile(overview.askAgain)}>{t('askAgainTile')}</TallyTile> : null}
        {has(overview.connectedLately) ? (
          <TallyTile {...tile(overview.connectedLately)} plus>
            {t('lately')}
          </TallyTile>
        ) : null}
      </ul>
    </section>
  )
}
