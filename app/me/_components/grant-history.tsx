import { getTranslations } from 'next-intl/server'
import { EmptyState } from '@/app/_components/empty-state'
import { grantStates, State } from '@/app/_components/state'
import { When } from '@/app/_components/when'
import { Earlier } from '@/app/me/_components/earlier'
import type { ShownGrant } from '@/lib/grants/queries'
import { describeScopes } from '@/lib/texts/asked'

const shownAtOnce = 5

/** Every grant there ever was, and how it stands or ended. */
export async function GrantHistory({ grants }: { grants: ShownGrant[] }) {
  const t = await getTranslations('me')
  const earlier = grants.slice(shownAtOnce)
  return (
    <section aria-labelledby="history" className="space-y-3">
      <h2 id="history">{t('history')}</h2>
      {grants.length === 0 ? (
        <EmptyState>{t('historyEmpty')}</EmptyState>
      ) : (
        <HistoryRows grants={grants.slice(0, shownAtOnce)} />
      )}
      <Earlier count={earlier.length}>
        <HistoryRows grants={earlier} />
      </Earlier>
    </section>
  )
}

function HistoryRows({ grants }: { grants: ShownGrant[] }) {
  return (
    <ul className="card divide-y divide-line py-1.5">
      {grants.map((grant) => (
        <HistoryRow key={grant.id} grant={grant} />
      ))}
    </ul>
  )
}

async function HistoryRow({ grant }: { grant: ShownGrant }) {
  const t = await getTranslations('me')
  const permissions = await describeScopes(grant.scopes)
  return (
    <li className="grid gap-x-6 gap-y-1 py-3 sm:grid-cols-[minmax(0,1fr)_15rem]">
      <div className="min-w-0">
        <p>{permissions.map(({ title }) => title).join(' · ')}</p>
        <p className="note">
          {permissions.map(({ scope }) => (
            <code key={scope} className="me-3 whitespace-nowrap text-[0.8125rem]">
              {scope}
            </code>
          ))}
        </p>
      </div>
      <div className="text-sm">
        <State state={grantStates[grant.state]}>
          <span className="whitespace-normal">{t(`ends.${grant.state}`)}</span>
        </State>
        <p className="note">{t.rich('grantedOn', { when: () => <When at={grant.grantedAt} show="date" /> })}</p>
        {grant.endedAt ? (
          <p className="note">
            {t.rich('endedOn', { when: () => <When key="ended" at={grant.endedAt ?? grant.expiresAt} show="date" /> })}
          </p>
        ) : null}
      </div>
    </li>
  )
}
