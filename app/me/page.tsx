import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { Page } from '@/app/_components/page'
import { CheckStatusNotice } from '@/app/me/_components/check-status'
import { GrantHistory } from '@/app/me/_components/grant-history'
import { BindingQuestion, KnownAs } from '@/app/me/_components/known-as'
import { MyActions } from '@/app/me/_components/my-actions'
import { MyAnswer } from '@/app/me/_components/my-answer'
import { MyCalls } from '@/app/me/_components/my-calls'
import { MyItems } from '@/app/me/_components/my-items'
import { MyLeaving } from '@/app/me/_components/my-leaving'
import { MyPermissions } from '@/app/me/_components/my-permissions'
import { MySessions } from '@/app/me/_components/my-sessions'
import { MyUses, NewSystems } from '@/app/me/_components/my-systems'
import { MyWaiting } from '@/app/me/_components/my-waiting'
import { MyWorks } from '@/app/me/_components/my-works'
import { Person } from '@/app/me/_components/person'
import { Timeline, type TimelineEvent } from '@/app/me/_components/timeline'
import { listMyAffiliations } from '@/lib/affiliations/queries'
import { listMyRequests, listReasonsRead } from '@/lib/attempts/queries'
import { listMyEvents } from '@/lib/audit/queries'
import { availablePage, requireResearcher, writeAfterVisit } from '@/lib/auth/gates'
import { listMyCalls } from '@/lib/calls/queries'
import { requestChecks } from '@/lib/checks/commands'
import { env } from '@/lib/config/env'
import { listMyExports, type MyExport } from '@/lib/exports/queries'
import { deriveCheckStatus, deriveConnection } from '@/lib/grants/grant'
import { findMyKeptUntil } from '@/lib/grants/kept-tokens'
import { findSuspicionSince, hasMyRemovalToken, listMyGrants, listWithoutToken } from '@/lib/grants/queries'
import { listMyReceiptReferences } from '@/lib/grants/receipts'
import { countMyWaitingRevocations, findMyCancelledAt } from '@/lib/grants/revocation-queries'
import { getLanguage } from '@/lib/i18n/request'
import { coversScopes, writeScopes } from '@/lib/orcid/scopes'
import { amIInConflict, findMyPerson } from '@/lib/people/queries'
import { findMyMerger, findMyResearcher } from '@/lib/researchers/queries'
import { listMyOpenSessions } from '@/lib/sessions/queries'
import { listMySystems } from '@/lib/systems/mine'
import { tellOnPage } from '@/lib/systems/telling'
import { listAskable } from '@/lib/texts/asked'
import { countMyWaitingWorks } from '@/lib/works/answers'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('me'))('title'), robots: { index: false } }
}

type Props = { searchParams: Promise<{ note?: string | string[] }> }

const exportsMost = 50

/** The researcher's own page: who they are, what they permit, and what was done with it. */
export default availablePage(async function MePage({ searchParams }: Props) {
  const { actor, name } = await requireResearcher()
  const t = await getTranslations('me')
  await writeAfterVisit(() => requestChecks(actor, actor.researcherId))
  await writeAfterVisit(() => tellOnPage(actor))
  const [
    grants,
    mine,
    merger,
    events,
    exports,
    waiting,
    sessions,
    items,
    calls,
    refusedSince,
    keptUntil,
    withoutToken,
    person,
    requests,
    receipts,
    systems,
    waitingWorks,
    isInConflict,
    hasRemovalToken,
  ] = await Promise.all([
    listMyGrants(actor),
    findMyResearcher(actor),
    findMyMerger(actor),
    listMyEvents(actor),
    listMyExports(actor, exportsMost),
    countMyWaitingRevocations(actor),
    listMyOpenSessions(actor),
    listMyAffiliations(actor),
    listMyCalls(actor),
    findSuspicionSince(actor, actor.researcherId),
    findMyKeptUntil(actor),
    listWithoutToken(actor, [actor.researcherId]),
    findMyPerson(actor),
    listMyRequests(actor),
    listMyReceiptReferences(actor),
    listMySystems(actor, await getLanguage()),
    countMyWaitingWorks(actor),
    amIInConflict(actor),
    hasMyRemovalToken(actor),
  ])
  const connection = deriveConnection(grants)
  const checkStatus = deriveCheckStatus(grants)
  const idAlone = connection.state === 'identity_only' && (await listAskable()).length === 1
  const isAsked = person !== null && !person.isProven
  const asked = items.filter(({ state }) => isAsked && state === 'to_be_confirmed')
  const { state } = connection
  const mayDelete = hasRemovalToken || (coversScopes(connection.liveScopes, writeScopes) && withoutToken.size === 0)
  return (
    <Page width="medium">
      <div className="space-y-8">
        <div className="space-y-3">
          <h1>{t('title')}</h1>
          <MyAnswer
            connection={connection}
            checkStatus={checkStatus}
            isAsked={isAsked}
            isInConflict={isInConflict}
            idAlone={idAlone}
            lacksToken={withoutToken.size > 0}
            items={items}
            waitingWorks={waitingWorks}
            systems={systems}
          />
        </div>
        {person && isAsked ? (
          <BindingQuestion person={person} items={asked} mayWrite={coversScopes(connection.liveScopes, writeScopes)} />
        ) : null}
        {waiting > 0 ? <Notice tone="warn">{t('waiting', { count: waiting })}</Notice> : null}
        <MyLeaving person={person} />
        <MyWaiting items={items} liveScopes={connection.liveScopes} />
        <NewSystems systems={systems} />
        <CheckStatusNotice
          connection={connection}
          checkStatus={checkStatus}
          merger={merger}
          refusedSince={refusedSince}
          lacksToken={withoutToken.size > 0}
          keptUntil={keptUntil}
        />
        <div className="grid items-start gap-8 md:grid-cols-[minmax(0,1fr)_19rem] lg:grid-cols-[minmax(0,1fr)_25rem]">
          <MyPermissions
            grants={grants}
            reasonsRead={await listReasonsRead(actor, await getLanguage())}
            state={idAlone ? 'id_alone' : state}
            endedAtOrcid={checkStatus.finding === 'withdrawn_at_orcid'}
            canStop={connection.liveScopes.length > 0 || keptUntil !== null}
            isQuiet={isAsked}
            isSame={(await searchParams).note === 'same'}
          />
          <Person
            orcid={actor.orcid}
            name={name}
            connection={connection}
            checkStatus={checkStatus}
            details={person ? null : mine}
            cancelledAt={state === 'withdrawn' && waiting === 0 ? await findMyCancelledAt(actor) : null}
          />
        </div>
        <MyUses
          systems={systems}
          calls={calls}
          looksOfStaff={events.filter(({ action }) => action === 'record.read').map(({ at }) => at)}
        />
        <MyItems
          items={items.filter((item) => !asked.includes(item) && item.state !== 'waiting_for_answer')}
          systems={systems}
          mayDelete={mayDelete}
        />
        {env().orcid.api === 'member' ? <MyWorks /> : null}
        <Timeline events={tellTogether(events, exports, requests)} />
        <div className="divide-y divide-line border-line border-y">
          {person && !isAsked ? <KnownAs person={person} /> : null}
          <GrantHistory grants={grants} receipts={receipts} />
          <MyCalls calls={calls} />
          <MySessions sessions={sessions} currentId={actor.sessionId} />
          <MyActions />
        </div>
      </div>
    </Page>
  )
})

/** Files are not events about one person: that somebody was in one is told by what went into it. */
function tellTogether(
  events: Awaited<ReturnType<typeof listMyEvents>>,
  exports: MyExport[],
  requests: Awaited<ReturnType<typeof listMyRequests>>,
): TimelineEvent[] {
  const requestOf = (attemptId: string | null) => requests.find(({ id }) => id === attemptId) ?? null
  return [
    ...events.map(({ id, at, action, detail, attemptId }) => ({
      key: String(id),
      at,
      action,
      detail: detail as unknown,
      request: requestOf(attemptId),
    })),
    ...exports.map(({ at, action }, index) => ({
      key: `export ${index}`,
      at,
      action,
      detail: null as unknown,
      request: null,
    })),
  ].sort((one, other) => other.at.getTime() - one.at.getTime())
}
