import { getTranslations } from 'next-intl/server'
import { AttemptList } from '@/app/staff/researchers/[orcid]/_components/attempt-list'
import { CallSection } from '@/app/staff/researchers/[orcid]/_components/call-section'
import { CheckList } from '@/app/staff/researchers/[orcid]/_components/check-list'
import type { parseCursors } from '@/app/staff/researchers/[orcid]/_components/cursors'
import { EventList } from '@/app/staff/researchers/[orcid]/_components/event-list'
import { GrantList } from '@/app/staff/researchers/[orcid]/_components/grant-list'
import { ItemSection } from '@/app/staff/researchers/[orcid]/_components/item-section'
import { LivePermissions } from '@/app/staff/researchers/[orcid]/_components/live-permissions'
import { NoteSection, noteResults } from '@/app/staff/researchers/[orcid]/_components/note-section'
import { SectionPager } from '@/app/staff/researchers/[orcid]/_components/section-pager'
import type { StaffActor } from '@/lib/actor'
import { listAffiliationsOf } from '@/lib/affiliations/queries'
import { listAttemptsOf } from '@/lib/attempts/queries'
import { listEventsAbout } from '@/lib/audit/queries'
import { listCallsAbout } from '@/lib/calls/queries'
import { listChecksOf } from '@/lib/checks/queries'
import { env } from '@/lib/config/env'
import { listGrantsOf } from '@/lib/grants/queries'
import { listNotesAbout } from '@/lib/researchers/note-queries'
import type { ShownResearcher } from '@/lib/researchers/rows'
import { may } from '@/lib/staff/abilities'

type Props = {
  actor: StaffActor
  researcher: ShownResearcher
  cursors: ReturnType<typeof parseCursors>
  result: string | null
  /** What somebody had typed for a note before they were signed out. */
  keptNote?: string
}

/** The lists about one person, each from its cursor in the address on. */
export async function PersonSections({
  actor,
  researcher: { id, orcid, liveScopes },
  cursors,
  result,
  keptNote,
}: Props) {
  const t = await getTranslations('staff.person')
  const [grants, attempts, checks, items, calls, events, notes] = await Promise.all([
    listGrantsOf(actor, id, cursors.grants),
    listAttemptsOf(actor, id, cursors.attempts),
    listChecksOf(actor, id, cursors.checks),
    listAffiliationsOf(actor, id),
    listCallsAbout(actor, id, cursors.calls),
    listEventsAbout(actor, id, cursors.events),
    listNotesAbout(actor, id, cursors.notes),
  ])
  const isMember = env().orcid.api === 'member'
  const callSection = (
    <CallSection calls={calls.rows} as={isMember ? 'h3' : 'h2'}>
      <SectionPager orcid={orcid} list="calls" from={cursors.calls} older={calls.next} />
    </CallSection>
  )
  return (
    <>
      <section id="permissions" aria-labelledby="permissions-title" className="space-y-6">
        <h2 id="permissions-title">{t('permissions')}</h2>
        <LivePermissions live={liveScopes} />
        <GrantList grants={grants.rows}>
          <SectionPager orcid={orcid} list="grants" from={cursors.grants} older={grants.next} />
        </GrantList>
      </section>
      <AttemptList attempts={attempts.rows} researcherId={id}>
        <SectionPager orcid={orcid} list="attempts" from={cursors.attempts} older={attempts.next} />
      </AttemptList>
      <CheckList checks={checks.rows}>
        <SectionPager orcid={orcid} list="checks" from={cursors.checks} older={checks.next} />
      </CheckList>
      {isMember || items.length > 0 ? (
        <section id="writes" aria-labelledby="writes-title" className="space-y-6">
          <h2 id="writes-title">{t('writes')}</h2>
          <ItemSection orcid={orcid} items={items} mayAdd={isMember && may(actor, 'writeAffiliations')} />
          {isMember ? callSection : null}
        </section>
      ) : null}
      {isMember ? null : callSection}
      <EventList events={events.rows}>
        <SectionPager orcid={orcid} list="events" from={cursors.events} older={events.next} />
      </EventList>
      <NoteSection
        actor={actor}
        orcid={orcid}
        notes={notes.rows}
        kept={keptNote}
        result={noteResults.find((known) => known === result) ?? null}
      >
        <SectionPager orcid={orcid} list="notes" from={cursors.notes} older={notes.next} />
      </NoteSection>
    </>
  )
}
