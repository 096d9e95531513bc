import { getTranslations } from 'next-intl/server'
import { AttemptList } from '@/app/staff/researchers/[orcid]/_components/attempt-list'
import { CallSection } from '@/app/staff/researchers/[orcid]/_components/call-section'
import { CheckList } from '@/app/staff/researchers/[orcid]/_components/check-list'
import type { parseCursors } from '@/app/staff/researchers/[orcid]/_components/cursors'
import { EventList } from '@/app/staff/researchers/[orcid]/_components/event-list'
import { GrantList } from '@/app/staff/researchers/[orcid]/_components/grant-list'
import { ItemSection } from '@/app/staff/researchers/[orcid]/_components/item-section'
import { NoteSection, noteResults } from '@/app/staff/researchers/[orcid]/_components/note-section'
import { SectionPager } from '@/app/staff/researchers/[orcid]/_components/section-pager'
import type { Tab } from '@/app/staff/researchers/[orcid]/_components/tabs'
import type { StaffActor } from '@/lib/actor'
import type { ShownAffiliation } from '@/lib/affiliations/queries'
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
  /** What the institution knows has a place of its own. */
  tab: Exclude<Tab, 'institution'>
  actor: StaffActor
  researcher: ShownResearcher
  items: ShownAffiliation[]
  cursors: ReturnType<typeof parseCursors>
  result: string | null
  /** What somebody had typed for a note before they were signed out. */
  keptNote?: string
}

/** The lists of one tab, each from its cursor in the address on. */
export function PersonSections(props: Props) {
  const { tab, actor, researcher, items } = props
  const { orcid } = researcher
  if (tab === 'permissions') return <Grants {...props} />
  if (tab === 'affiliations')
    return (
      <ItemSection
        orcid={orcid}
        items={items}
        mayAdd={env().orcid.api === 'member' && researcher.state !== 'withdrawn' && may(actor, 'writeAffiliations')}
      />
    )
  if (tab === 'attempts') return <Attempts {...props} />
  if (tab === 'notes') return <Notes {...props} />
  if (tab === 'history') return <History {...props} />
  return <Log {...props} />
}

async function Grants({ actor, researcher: { id, orcid }, cursors }: Props) {
  const grants = await listGrantsOf(actor, id, cursors.grants)
  return (
    <GrantList grants={grants.rows}>
      <SectionPager orcid={orcid} list="grants" from={cursors.grants} older={grants.next} />
    </GrantList>
  )
}

async function Attempts({ actor, researcher: { id, orcid }, cursors }: Props) {
  const attempts = await listAttemptsOf(actor, id, cursors.attempts)
  return (
    <AttemptList attempts={attempts.rows} researcherId={id}>
      <SectionPager orcid={orcid} list="attempts" from={cursors.attempts} older={attempts.next} />
    </AttemptList>
  )
}

async function Notes({ actor, researcher: { id, orcid }, cursors, keptNote, result }: Props) {
  const notes = await listNotesAbout(actor, id, cursors.notes)
  return (
    <NoteSection
      actor={actor}
      orcid={orcid}
      notes={notes.rows}
      kept={keptNote}
      result={noteResults.find((known) => known === result) ?? null}
    >
      <SectionPager orcid={orcid} list="notes" from={cursors.notes} older={notes.next} />
    </NoteSection>
  )
}

async function History({ actor, researcher: { id, orcid }, cursors }: Props) {
  const t = await getTranslations('staff.actions')
  const events = await listEventsAbout(actor, id, cursors.events)
  return (
    <EventList events={events.rows}>
      <SectionPager orcid={orcid} list="events" from={cursors.events} older={events.next} />
      {may(actor, 'seeActivity') ? (
        <p>
          <a href={`/staff/audit?subject=${orcid}`}>{t('audit.title')}</a>{' '}
          <span className="note">{t('audit.means')}</span>
        </p>
      ) : null}
    </EventList>
  )
}

async function Log({ actor, researcher: { id, orcid }, cursors }: Props) {
  const [checks, calls] = await Promise.all([
    listChecksOf(actor, id, cursors.checks),
    listCallsAbout(actor, id, cursors.calls),
  ])
  return (
    <div className="space-y-8">
      <CheckList checks={checks.rows}>
        <SectionPager orcid={orcid} list="checks" from={cursors.checks} older={checks.next} />
      </CheckList>
      <CallSection calls={calls.rows}>
        <SectionPager orcid={orcid} list="calls" from={cursors.calls} older={calls.next} />
      </CallSection>
    </div>
  )
}
