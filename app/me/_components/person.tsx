import { getTranslations } from 'next-intl/server'
import { OrcidId } from '@/app/_components/orcid-id'
import { State } from '@/app/_components/state'
import { When } from '@/app/_components/when'
import { env } from '@/lib/env'
import type { Connection } from '@/lib/grants/grant'
import { orcidUri } from '@/lib/orcid/id'

type Props = { orcid: string; name: string | null; connection: Connection }

/** Whose page this is, and how they stand. */
export async function Person({ orcid, name, connection }: Props) {
  const t = await getTranslations('me')
  const { state, liveScopes, connectedAt, expiresAt, withdrawnAt } = connection
  const since = state === 'withdrawn' ? withdrawnAt : connectedAt
  return (
    <section aria-label={t('person')} className="card space-y-3">
      <p className="font-semibold text-lg leading-snug [overflow-wrap:anywhere]">
        {name ? <bdi>{name}</bdi> : <span className="text-ink-soft">{t('nameNotPublic')}</span>}
      </p>
      {/* Nothing that is live proves the iD any more once everything was taken back. */}
      <OrcidId uri={orcidUri(orcid, env().orcid.registry)} name={name} authenticated={liveScopes.length > 0} />
      <p>
        <State state={state} />
      </p>
      {since || expiresAt ? (
        <dl className="note grid grid-cols-[auto_1fr] gap-x-3 gap-y-1">
          {since ? (
            <>
              <dt>{t('since')}</dt>
              <dd className="text-ink">
                <When at={since} show="date" />
              </dd>
            </>
          ) : null}
          {expiresAt ? (
            <>
              <dt>{t('until')}</dt>
              <dd className="text-ink">
                <When at={expiresAt} show="date" />
              </dd>
            </>
          ) : null}
        </dl>
      ) : null}
    </section>
  )
}
