import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { OrcidId } from '@/app/_components/orcid-id'
import { When } from '@/app/_components/when'
import { env } from '@/lib/env'
import type { Connection, Standing as StandingFacts } from '@/lib/grants/grant'
import { orcidUri } from '@/lib/orcid/id'
import type { Merger } from '@/lib/researchers/queries'
import { toShownState } from '@/lib/researchers/researcher'

type Props = { connection: Connection; standing: StandingFacts; merger: Merger }

/** What ORCID said about somebody's permissions, where they should know or can do something. */
export async function Standing({ connection, standing, merger }: Props) {
  const t = await getTranslations('me.standing')
  const { registry } = env().orcid
  const { finding, unansweredSince } = standing
  const isExpiring = toShownState({ ...connection, finding }, new Date()) === 'expiring'
  const { into, from } = merger
  return (
    <>
      {finding && finding !== 'good' ? (
        <Notice tone="warn">
          <p>{t(`found.${finding}`)}</p>
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
