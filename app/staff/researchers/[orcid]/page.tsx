import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { cache } from 'react'
import { Notice } from '@/app/_components/notice'
import { BackToList } from '@/app/staff/_components/back-link'
import { ConflictNotices } from '@/app/staff/_components/conflict-notices'
import { LeavingNotice } from '@/app/staff/_components/leaving-notice'
import { RosterSection } from '@/app/staff/people/_components/roster-section'
import { Actions } from '@/app/staff/researchers/[orcid]/_components/actions'
import { CheckStatusNotice } from '@/app/staff/researchers/[orcid]/_components/check-status'
import { parseCursors } from '@/app/staff/researchers/[orcid]/_components/cursors'
import { InstitutionSections } from '@/app/staff/researchers/[orcid]/_components/institution-sections'
import { LivePermissions } from '@/app/staff/researchers/[orcid]/_components/live-permissions'
import { PersonSections } from '@/app/staff/researchers/[orcid]/_components/person-sections'
import { SectionNav } from '@/app/staff/researchers/[orcid]/_components/section-nav'
import { Summary } from '@/app/staff/researchers/[orcid]/_components/summary'
import { findTab, listTabs } from '@/app/staff/researchers/[orcid]/_components/tabs'
import type { StaffActor } from '@/lib/actor'
import { countHeldItems, listAffiliationsOf } from '@/lib/affiliations/queries'
import { availablePage, orUnavailable, requireStaff, requireVisit, writeAfterVisit } from '@/lib/auth/gates'
import { readSavedForm, takeSavedFields } from '@/lib/auth/saved-form'
import { requestChecks } from '@/lib/checks/commands'
import { findSuspicionSince, listWithoutToken } from '@/lib/grants/queries'
import { readAll, type SearchParams } from '@/lib/list/search'
import { parseOrcid } from '@/lib/orcid/id'
import { listOpenConflictsOf } from '@/lib/people/conflict-queries'
import { findPersonOf } from '@/lib/people/queries'
import { recordResearcherViewed } from '@/lib/researchers/commands'
import { findConflicts } from '@/lib/researchers/conflicting'
import { findMergerOf, findResearcher } from '@/lib/researchers/queries'
import type { ShownResearcher } from '@/lib/researchers/rows'
import { may } from '@/lib/staff/abilities'
import { findLastUse } from '@/lib/systems/last-use'

type Props = { params: Promise<{ orcid: string }>; searchParams: Promise<SearchParams> }

/** The person of an address, for whoever may see them. */
const loadResearcher = cache(async (orcid: string) => {
  const actor = await requireStaff('seePeople')
  await requireVisit()
  return { actor, researcher: parseOrcid(orcid) === orcid ? await findResearcher(actor, orcid) : null }
})

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { orcid } = await params
  const { researcher } = await orUnavailable(() => loadResearcher(orcid))
  const t = await getTranslations('staff.person')
  return { title: researcher?.name ?? researcher?.orcid ?? t('title'), robots: { index: false } }
}

/** A person on one screen, and the rest of what is known as tabs below. That somebody looked is written down. */
export default availablePage(async function ResearcherPage({ params, searchParams }: Props) {
  const { actor, researcher } = await loadResearcher((await params).orcid)
  if (!researcher) notFound()
  await writeAfterVisit(() => recordResearcherViewed(actor, researcher.id))
  await writeAfterVisit(() => requestChecks(actor, researcher.id))
  const query = await searchParams
  return may(actor, 'seeSupport') ? (
    <WholePage actor={actor} researcher={researcher} query={query} />
  ) : (
    <LimitedPage actor={actor} researcher={researcher} />
  )
})

type Shown = { actor: StaffActor; researcher: ShownResearcher }

/** For people who are limited to departments: how somebody stands, and what the roster says of them. */
async function LimitedPage({ actor, researcher }: Shown) {
  const person = await findPersonOf(actor, researcher.id)
  return (
    <div className="space-y-5">
      <BackToList usual="ids" />
      <Summary researcher={researcher} />
      {person ? <LeavingNotice person={person} /> : null}
      <LivePermissions live={researcher.liveScopes} />
      {person ? <RosterSection person={person} actor={actor} isSaved={false} /> : null}
    </div>
  )
}

async function WholePage({ actor, researcher, query }: Shown & { query: SearchParams }) {
  const { orcid, id } = researcher
  const cursors = parseCursors(query)
  const [asked, result] = [readAll(query, 'asked')[0], readAll(query, 'result')[0]]
  const isKept = readAll(query, 'kept')[0] !== undefined
  const keptNote =
    isKept && may(actor, 'writeNotes') ? await takeSavedFields('/staff/researchers/note', { orcid }) : null
  const keptDetails =
    isKept && may(actor, 'editPeople') ? await takeSavedFields('/staff/researchers/details', { orcid }) : null
  const [t, person, merger, conflicts, open, refusedSince, withoutToken, waiting, items, lastUse] = await Promise.all([
    getTranslations('staff.person'),
    findPersonOf(actor, id),
    findMergerOf(actor, id),
    researcher.conflict ? findConflicts(actor, id) : null,
    listOpenConflictsOf(actor, researcher.personId),
    findSuspicionSince(actor, id),
    listWithoutToken(actor, [id]),
    countHeldItems(actor, id),
    listAffiliationsOf(actor, id),
    findLastUse(actor, id),
  ])
  const tab = findTab({
    tab: readAll(query, 'tab')[0],
    result,
    cursors,
    kept: keptNote ? 'note' : keptDetails ? 'details' : null,
  })
  return (
    <div className="space-y-6">
      <div className="space-y-4">
        <BackToList usual="ids" />
        {cursors.ignored ? <Notice tone="warn">{t('pages.ignored')}</Notice> : null}
        <Summary researcher={researcher} lastUse={lastUse} />
        {person ? <LeavingNotice person={person} /> : null}
        <ConflictNotices conflicts={conflicts} open={open} />
        <CheckStatusNotice
          researcher={researcher}
          merger={merger}
          refusedSince={refusedSince}
          lacksToken={withoutToken.size > 0}
          asked={asked === 'done' || asked === 'waiting' ? asked : null}
        />
        <div className="grid items-start gap-4 lg:grid-cols-2">
          <LivePermissions live={researcher.liveScopes} waiting={waiting} />
          <Actions
            researcher={researcher}
            actor={actor}
            isPaused={person?.state === 'paused'}
            waiting={waiting}
            result={result ?? null}
          />
        </div>
      </div>
      <SectionNav orcid={orcid} tabs={listTabs(items.length > 0)} current={tab} />
      {tab === 'institution' ? (
        <InstitutionSections
          actor={actor}
          researcher={researcher}
          person={person}
          result={result ?? null}
          kept={keptDetails}
        />
      ) : (
        <PersonSections
          tab={tab}
          actor={actor}
          researcher={researcher}
          items={items}
          cursors={cursors}
          result={result ?? null}
          keptNote={readSavedForm(keptNote, 'text')}
        />
      )}
    </div>
  )
}
