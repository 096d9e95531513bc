import type { Metadata } from 'next'
import { notFound, redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { cache } from 'react'
import { Answer } from '@/app/_components/answer'
import { EmptyState } from '@/app/_components/empty-state'
import { Notice } from '@/app/_components/notice'
import { BackToList } from '@/app/staff/_components/back-link'
import { ConflictNotices } from '@/app/staff/_components/conflict-notices'
import { IdentityForms } from '@/app/staff/_components/identity-forms'
import { ItemList } from '@/app/staff/_components/item-list'
import { LeavingNotice } from '@/app/staff/_components/leaving-notice'
import { BindingHistory } from '@/app/staff/people/_components/binding-history'
import { Failures } from '@/app/staff/people/_components/failures'
import { RosterSection } from '@/app/staff/people/_components/roster-section'
import { listAffiliationsOfPerson } from '@/lib/affiliations/queries'
import { listFailuresOf } from '@/lib/attempts/queries'
import { availablePage, orUnavailable, requireStaff } from '@/lib/auth/gates'
import { env } from '@/lib/config/env'
import { readOne, type SearchParams } from '@/lib/list/search'
import { listOpenConflictsOf } from '@/lib/people/conflict-queries'
import { findPersonPage } from '@/lib/people/queries'
import { visibleName } from '@/lib/researchers/visible-name'
import { may } from '@/lib/staff/abilities'

type Props = { params: Promise<{ person: string }>; searchParams: Promise<SearchParams> }

const notes = ['added', 'saved'] as const

const loadPerson = cache(async (id: string) => {
  const actor = await requireStaff('seePeople')
  return { actor, found: await findPersonPage(actor, id) }
})

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { person: id } = await params
  const { found } = await orUnavailable(() => loadPerson(id))
  const name = found && 'person' in found ? visibleName(found.person.name) : null
  return { title: name ?? (await getTranslations('staff.person'))('title'), robots: { index: false } }
}

/** Everything about somebody without an iD. Whoever has one has the page of the iD. */
export default availablePage(async function PersonPage({ params, searchParams }: Props) {
  const { actor, found } = await loadPerson((await params).person)
  if (!found) notFound()
  const query = await searchParams
  const [said, result] = [readOne(query, 'note'), readOne(query, 'result')]
  const note = notes.find((one) => one === said)
  if ('leadsTo' in found) redirect(note ? `${found.leadsTo}?result=person-${note}#roster` : found.leadsTo)
  const { person } = found
  const t = await getTranslations('staff.people.person')
  const staff = await getTranslations('staff')
  const items = may(actor, 'seeAffiliations') ? await listAffiliationsOfPerson(actor, person.id) : []
  const mayAdd = may(actor, 'writeAffiliations') && env().orcid.api === 'member'
  const mayInvite = may(actor, 'invitePeople') && !person.confidential
  const held = items.filter(({ removal }) => removal === null).length
  const name = visibleName(person.name)
  return (
    <div className="space-y-8">
      <BackToList usual="people" />
      {note === 'added' ? <Notice tone="good">{t('notes.added')}</Notice> : null}
      <div className="space-y-2">
        <h1 className="[overflow-wrap:anywhere]">
          {name ? <bdi translate="no">{name}</bdi> : <span className="text-ink-soft">{staff('nameNotPublic')}</span>}
        </h1>
        <Answer
          tone="plain"
          action={
            mayInvite ? (
              <a href={`/staff/people/${person.id}/invite`} className="btn btn-primary">
                {t('steps.invite')}
              </a>
            ) : null
          }
        >
          {t('notConnected')} {held > 0 ? t('held', { count: held }) : null}
        </Answer>
      </div>
      <LeavingNotice person={person} />
      <ConflictNotices open={await listOpenConflictsOf(actor, person.id)} />
      <RosterSection person={person} actor={actor} isSaved={note === 'saved'} hasInvite={mayInvite} />
      {items.length > 0 || mayAdd ? (
        <section aria-labelledby="items-title" id="items" className="space-y-3">
          <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
            <h2 id="items-title">{t('items')}</h2>
            {mayAdd ? (
              <a href={`/staff/people/${person.id}/affiliation`} className="btn btn-quiet no-print">
                {t('addItem')}
              </a>
            ) : null}
          </div>
          {mayAdd ? <p className="note">{t('addItemMeans')}</p> : null}
          {items.length === 0 ? <EmptyState>{t('noItems')}</EmptyState> : <ItemList label={t('items')} items={items} />}
        </section>
      ) : null}
      <IdentityForms actor={actor} personId={person.id} result={result?.replace(/^identity-/, '') ?? null} />
      {may(actor, 'seeSupport') ? <Failures failures={await listFailuresOf(actor, person.id)} /> : null}
      {person.bindings.length > 0 ? <BindingHistory person={person} /> : null}
    </div>
  )
})
