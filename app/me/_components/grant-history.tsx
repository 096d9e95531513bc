import { getFormatter, getTranslations } from 'next-intl/server'
import { EmptyState } from '@/app/_components/empty-state'
import { Fold } from '@/app/_components/fold'
import { grantStates, State } from '@/app/_components/state'
import { ScopeDetails } from '@/app/_components/technical-details'
import { When } from '@/app/_components/when'
import { EarlierEntries } from '@/app/me/_components/earlier-entries'
import type { ShownGrant } from '@/lib/grants/queries'
import { receiptPath } from '@/lib/grants/receipt'
import { describeScopes } from '@/lib/texts/asked'

const shownAtOnce = 5

type Props = {
  grants: ShownGrant[]
  /** The references of those that have a receipt. */
  receipts: ReadonlySet<string>
}

/** Every grant there ever was, how it stands or ended, and its receipt. */
export async function GrantHistory({ grants, receipts }: Props) {
  const t = await getTranslations('me')
  const earlier = grants.slice(shownAtOnce)
  return (
    <Fold id="history" title={t('history')}>
      {grants.length === 0 ? (
        <EmptyState>{t('historyEmpty')}</EmptyState>
      ) : (
        <HistoryRows grants={grants.slice(0, shownAtOnce)} receipts={receipts} />
      )}
      <EarlierEntries count={earlier.length}>
        <HistoryRows grants={earlier} receipts={receipts} />
      </EarlierEntries>
      {grants.length > 0 ? (
        <ScopeDetails permissions={await describeScopes(grants.flatMap(({ scopes }) => scopes))} />
      ) : null}
    </Fold>
  )
}

function HistoryRows({ grants, receipts }: Props) {
  return (
    <ul className="card card-list">
      {grants.map((grant) => (
        <HistoryRow key={grant.id} grant={grant} hasReceipt={receipts.has(grant.attempt.reference)} />
      ))}
    </ul>
  )
}

async function HistoryRow({ grant, hasReceipt }: { grant: ShownGrant; hasReceipt: boolean }) {
  const t = await getTranslations('me')
  const format = await getFormatter()
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
        {hasReceipt ? (
          <a href={receiptPath(grant.attempt.reference)} className="inline-flex min-h-6 items-center">
            {t.rich('receiptLink', {
              when: format.dateTime(grant.grantedAt, { dateStyle: 'long', timeStyle: 'short' }),
              hidden: (words) => <span className="sr-only">{words}</span>,
            })}
          </a>
        ) : null}
      </div>
    </li>
  )
}
