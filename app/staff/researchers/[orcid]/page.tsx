import { ArrowLeft } from 'lucide-react'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { IdentityForms } from '@/app/staff/_components/identity-forms'
import { LeavingNotice } from '@/app/staff/_components/leaving-notice'
import { BindingHistory, hasHistory } from '@/app/staff/people/_components/binding-history'
import { isOnRoster, RosterSection } from '@/app/staff/people/_components/roster-section'
import { Actions } from '@/app/staff/researchers/[orcid]/_components/actions'
import { CheckStatusNotice } from '@/app/staff/researchers/[orcid]/_components/check-status'
import { ConflictNotices } from '@/app/staff/researchers/[orcid]/_components/conflicts'
import { parseCursors } from '@/app/staff/researchers/[orcid]/_components/cursors'
import { detailsOutcomes, InstitutionForm } from '@/app/staff/researchers/[orcid]/_components/institution-form'
import { LivePermissions } from '@/app/staff/researchers/[orcid]/_components/live-permissions'
import { PersonHeader } from '@/app/staff/researchers/[orcid]/_components/person-header'
import { PersonSections } from '@/app/staff/researchers/[orcid]/_components/person-sections'
import { SectionNav } from '@/app/staff/researchers/[orcid]/_components/section-nav'
import type { StaffActor } from '@/lib/actor'
import { countHeldItems } from '@/lib/affiliations/queries'
import { availablePage, requireStaff, writeAfterVisit } from '@/lib/auth/gates'
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

type Props = { params: Promise<{ orcid: string }>; searchParams: Promise<SearchParams> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const t = await getTranslations('staff.person')
  return { title: parseOrcid((await params).orcid) ?? t('title'), robots: { index: false } }
}

/** Everything about one person, on one page. That somebody looked is written down. */
export default availablePage(async function ResearcherPage({ params, searchParams }: Props) {
  const actor = await requireStaff('seePeople')
  const { orcid } = await params
  const researcher = parseOrcid(orcid) === orcid ? await findResearcher(actor, orcid) : null
  if (!researcher) notFound()
  await writeAfterVisit(() => recordResearcherViewed(actor, researcher.id))
  await writeAfterVisit(() => requestChecks(actor, researcher.id))
  const query = await searchParams
  return may(actor, 'seeSupport') ? (
    <WholePage actor={actor} researcher={researcher} query={query} />
  ) : (
    <Summary actor={actor} researcher={researcher} />
  )
})

type Shown = { actor: StaffActor; researcher: ShownResearcher }

/** For people who are limited to departments: how somebody stands, and what the roster says of them. */
async function Summary({ actor, researcher }: Shown) {
  const t = await getTranslations('staff.person')
  const person = await findPersonOf(actor, researcher.id)
  return (
    <div className="space-y-5">
      <Back />
      <PersonHeader researcher={researcher} />
      {person ? <LeavingNotice person={person} /> : null}
      {person ? <RosterSection person={person} actor={actor} isSaved={false} /> : null}
      <section aria-labelledby="permissions-title" className="space-y-3">
        <h2 id="permissions-title">{t('permissions')}</h2>
        <LivePermissions live={researcher.liveScopes} />
      </section>
    </div>
  )
}

async function Back() {
  const t = await getTranslations('staff.person')
  return (
    <a href="/staff/researchers" className="no-print inline-flex min-h-8 items-center gap-1.5 text-sm">
      <ArrowLeft size={16} className="rtl:rotate-180" />
      {t('back')}
    </a>
  )
}

async function WholePage({ actor, researcher, query }: Shown & { query: SearchParams }) {
  const { orcid } = researcher
  const cursors = parseCursors(query)
  const [asked, result] = [readAll(query, 'asked')[0], readAll(query, 'result')[0]]
  const mayNote = may(actor, 'writeNotes')
  const mayEdit = may(actor, 'editPeople')
  const isKept = readAll(query, 'kept')[0] !== undefined
  const keptNote = isKept && mayNote ? await takeSavedFields('/staff/researchers/note', { orcid }) : null
  const keptDetails = isKept && mayEdit ? await takeSavedFields('/staff/researchers/details', { orcid }) : null
  const [t, person, merger, conflicts, open, refusedSince, withoutToken] = await Promise.all([
    getTranslations('staff.person'),
    findPersonOf(actor, researcher.id),
    findMergerOf(actor, researcher.id),
    researcher.conflict ? findConflicts(actor, researcher.id) : null,
    listOpenConflictsOf(actor, researcher.id),
    findSuspicionSince(actor, researcher.id),
    listWithoutToken(actor, [researcher.id]),
  ])
  return (
    <div className="space-y-10">
      <div className="space-y-5">
        <Back />
        {cursors.ignored ? <Notice tone="warn">{t('pages.ignored')}</Notice> : null}
        <PersonHeader researcher={researcher} />
        {person ? <LeavingNotice person={person} /> : null}
        <ConflictNotices conflicts={conflicts} open={open} />
        <CheckStatusNotice
          researcher={researcher}
          merger={merger}
          refusedSince={refusedSince}
          lacksToken={withoutToken.size > 0}
          asked={asked === 'done' || asked === 'waiting' ? asked : null}
        />
        <div className="grid items-start gap-5 xl:grid-cols-2">
          <Actions
            researcher={researcher}
            actor={actor}
            isPaused={person?.state === 'paused'}
            waiting={await countHeldItems(actor, researcher.id)}
            result={result ?? null}
          />
          <div className="space-y-5">
            <InstitutionForm
              orcid={orcid}
              details={researcher}
              mayChange={mayEdit}
              kept={keptDetails}
              result={detailsOutcomes.find((outcome) => result === `details-${outcome}`) ?? null}
            />
            <IdentityForms
              actor={actor}
              personId={researcher.personId}
              result={result?.replace(/^identity-/, '') ?? null}
            />
          </div>
        </div>
        {person && isOnRoster(person) ? (
          <RosterSection person={person} actor={actor} isSaved={result === 'person-saved'} />
        ) : null}
        {person && hasHistory(person) ? <BindingHistory person={person} /> : null}
        <SectionNav />
      </div>
      <PersonSections
        actor={actor}
        researcher={researcher}
        cursors={cursors}
        result={result ?? null}
        keptNote={readSavedForm(keptNote, 'text')}
      />
    </div>
  )
}
