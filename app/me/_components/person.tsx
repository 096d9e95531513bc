import { getTranslations } from 'next-intl/server'
import { OrcidId } from '@/app/_components/orcid-id'
import { State } from '@/app/_components/state'
import { When } from '@/app/_components/when'
import { env } from '@/lib/env'
import type { Connection, Standing } from '@/lib/grants/grant'
import { orcidUri } from '@/lib/orcid/id'
import { isAuthenticated, toShownState } from '@/lib/researchers/researcher'

type Props = { orcid: string; name: string | null; connection: Connection; standing: Standing }

/** Whose page this is, and how they stand. */
export async function Person({ orcid, name, connection, standing }: Props) {
  const t = await getTranslations('me')
  const { finding, lastCheckedAt } = standing
  const { state, connectedAt, expiresAt, withdrawnAt } = connection
  const since = state === 'withdrawn' ? withdrawnAt : connectedAt
  return (
    <section aria-label={t('person')} className="card space-y-3">
      <p className="font-semibold text-lg leading-snug [overflow-wrap:anywhere]">
        {name ? <bdi>{name}</bdi> : <span className="text-ink-soft">{t('nameNotPublic')}</span>}
      </p>
      {/* Nothing proves the iD any more once everything was taken back, or does not work at ORCID. */}
      <OrcidId
        uri={orcidUri(orcid, env().orcid.registry)}
        name={name}
        authenticated={isAuthenticated({ state, finding })}
      />
      <p>
        <State state={toShownState({ state, expiresAt, finding }, new Date())} />
      </p>
      {since || expiresAt || lastCheckedAt ? (
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
          {lastCheckedAt ? (
            <>
              <dt>{t('checked')}</dt>
              <dd className="text-ink">
                <When at={lastCheckedAt} />
              </dd>
            </>
          ) : null}
        </dl>
      ) : null}
    </section>
  )
}
