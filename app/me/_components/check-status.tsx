import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { OrcidId } from '@/app/_components/orcid-id'
import { When } from '@/app/_components/when'
import { env } from '@/lib/config/env'
import type { CheckStatus, Connection } from '@/lib/grants/grant'
import { orcidUri } from '@/lib/orcid/id'
import type { Merger } from '@/lib/researchers/queries'
import { toShownState } from '@/lib/researchers/researcher'

type Props = {
  connection: Connection
  checkStatus: CheckStatus
  merger: Merger
  /** When ORCID first refused a token, while that is being checked. */
  refusedSince: Date | null
  /** Whether something is permitted whose token is not here. */
  lacksToken: boolean
  /** Until when the tokens are kept of what ORCID ended. */
  keptUntil: Date | null
}

/** What ORCID said about somebody's permissions, where they should know or can do something. */
export async function CheckStatusNotice({
  connection,
  checkStatus,
  merger,
  refusedSince,
  lacksToken,
  keptUntil,
}: Props) {
  const t = await getTranslations('me.checkStatus')
  const { registry } = env().orcid
  const { finding, unansweredSince } = checkStatus
  const isExpiring = toShownState({ ...connection, finding }, new Date()) === 'expiring'
  const { into, from } = merger
  return (
    <>
      {lacksToken ? <Notice tone="warn">{t('withoutToken')}</Notice> : null}
      {refusedSince ? (
        <Notice>{t.rich('beingChecked', { when: () => <When key="refused" at={refusedSince} show="time" /> })}</Notice>
      ) : null}
      {finding && finding !== 'good' && finding !== 'being_checked' ? (
        <Notice tone="warn">
          <p>{t(`found.${finding}`)}</p>
          {keptUntil ? <p>{t.rich('kept', { when: () => <When key="kept" at={keptUntil} show="date" /> })}</p> : null}
          {into ? <OrcidId uri={orcidUri(into.orcid, registry)} authenticated={into.isHere} /> : null}
        </Notice>
      ) : null}
      {unansweredSince ? (
        <Notice>{t.rich('unanswered', { when: () => <When key="since" at={unansweredSince} /> })}</Notice>
      ) : null}
      {isExpiring && connection.expiresAt ? (
        <Notice tone="warn">
          {t.rich('expiring', {
            when: () => <When key="ends" at={connection.expiresAt ?? new Date()} show="date" />,
          })}
        </Notice>
      ) : null}
      {from.length > 0 ? (
        <Notice>
          <p>{t('mergedFrom', { count: from.length })}</p>
          <ul>
            {from.map((earlier) => (
              <li key={earlier}>
                <OrcidId uri={orcidUri(earlier, registry)} authenticated={false} />
              </li>
            ))}
          </ul>
        </Notice>
      ) : null}
    </>
  )
}
