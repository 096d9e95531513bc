import { getTranslations } from 'next-intl/server'
import { EmptyState } from '@/app/_components/empty-state'
import { grantStates, State } from '@/app/_components/state'
import { ScopeDetails } from '@/app/_components/technical-details'
import { When } from '@/app/_components/when'
import { EarlierEntries } from '@/app/me/_components/earlier-entries'
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
      <EarlierEntries count={earlier.length}>
        <HistoryRows grants={earlier} />
      </EarlierEntries>
      {grants.length > 0 ? (
        <ScopeDetails permissions={await describeScopes(grants.flatMap(({ scopes }) => scopes))} />
      ) : null}
    </section>
  )
}

function HistoryRows({ grants }: { grants: ShownGrant[] }) {
  return (
    <ul className="card card-list">
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
      <p className="min-w-0">{permissions.map(({ title }) => title).join(' · ')}</p>
      <div className="text-sm">
        <State state={grantStates[grant.state]}>
          <span className="whitespace-normal">
            {t.rich(`ends.${grant.state}`, {
              when: () => <When key="when" at={grant.endedAt ?? grant.expiresAt} show="date" />,
            })}
          </span>
        </State>
        <p className="note">{t.rich('grantedOn', { when: () => <When at={grant.grantedAt} show="date" /> })}</p>
        {grant.endedAt && grant.state !== 'superseded' ? (
          <p className="note">
            {t.rich('endedOn', { when: () => <When key="ended" at={grant.endedAt ?? grant.expiresAt} show="date" /> })}
          </p>
        ) : null}
      </div>
    </li>
  )
}
