import { getTranslations } from 'next-intl/server'
import { OrcidId } from '@/app/_components/orcid-id'
import { State } from '@/app/_components/state'
import { When } from '@/app/_components/when'
import { env } from '@/lib/config/env'
import type { CheckStatus, Connection } from '@/lib/grants/grant'
import { orcidUri } from '@/lib/orcid/id'
import type { InstitutionDetails } from '@/lib/researchers/details'
import { toProof, toShownState } from '@/lib/researchers/researcher'
import { getOffice } from '@/lib/texts/asked'

type Props = {
  orcid: string
  name: string | null
  connection: Connection
  checkStatus: CheckStatus
  details: InstitutionDetails | null
  /** When ORCID confirmed that everything was cancelled; null where that is not the question. */
  cancelledAt: Date | null
}

/** Whose page this is, and how they stand. */
export async function Person({ orcid, name, connection, checkStatus, details, cancelledAt }: Props) {
  const t = await getTranslations('me')
  const { finding, lastCheckedAt } = checkStatus
  const { state, liveScopes, firstConnectedAt, expiresAt, withdrewAt } = connection
  const shown = toShownState({ state, expiresAt, finding }, new Date())
  const since = state === 'withdrawn' ? null : firstConnectedAt
  return (
    <section aria-label={t('person')} className="card space-y-3">
      <p className="font-semibold text-lg leading-snug [overflow-wrap:anywhere]">
        {name ? <bdi translate="no">{name}</bdi> : <span className="text-ink-soft">{t('nameNotPublic')}</span>}
      </p>
      {/* Nothing proves the iD any more once everything was taken back, or does not work at ORCID. */}
      <OrcidId uri={orcidUri(orcid, env().orcid.registry)} name={name} {...toProof({ liveScopes, finding })} />
      <p>
        {shown === 'withdrawn' && withdrewAt ? (
          <State state="ended">
            <span>{t.rich('stopped', { when: () => <When key="stopped" at={withdrewAt} show="date" /> })}</span>
          </State>
        ) : (
          <State state={shown} />
        )}
      </p>
      {since || expiresAt || lastCheckedAt || cancelledAt ? (
        <dl className="note grid grid-cols-[auto_1fr] gap-x-3 gap-y-1">
          {since ? (
            <>
              <dt>{t('since')}</dt>
              <dd className="text-ink">
                <When at={since} show="date" />
              </dd>
            </>
          ) : null}
          {cancelledAt ? (
            <>
              <dt>{t('cancelled')}</dt>
              <dd className="text-ink">
                <When at={cancelledAt} show="time" />
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
      {details?.department || details?.localId ? <Details details={details} /> : null}
    </section>
  )
}

/** What staff wrote down about the person, who is the one to say when it is wrong. */
async function Details({ details }: { details: InstitutionDetails }) {
  const t = await getTranslations('me')
  const names = ['department', 'localId'] as const
  return (
    <div className="note space-y-1 border-line border-t pt-3">
      <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-1">
        {names
          .filter((name) => details[name])
          .map((name) => (
            <div key={name} className="contents">
              <dt>{t(`details.${name}`)}</dt>
              <dd className="text-ink">
                <bdi translate="no">{details[name]}</bdi>
              </dd>
            </div>
          ))}
      </dl>
      <p>{t('details.hint', { office: await getOffice() })}</p>
    </div>
  )
}
