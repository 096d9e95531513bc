import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { Appointments } from '@/app/staff/people/_components/appointments'
import { RosterFacts } from '@/app/staff/people/_components/roster-facts'
import type { StaffActor } from '@/lib/actor'
import type { ShownPerson } from '@/lib/people/queries'
import { type Ability, may } from '@/lib/staff/abilities'

const steps: readonly { page: string; needs: Ability }[] = [
  { page: 'edit', needs: 'editPeople' },
  { page: 'last-day', needs: 'setLastDays' },
  { page: 'invite', needs: 'invitePeople' },
  { page: 'privacy', needs: 'erasePeople' },
]

/** Whether more is known of a person than their iD. */
export const isOnRoster = ({ origin, localId }: ShownPerson) => origin !== 'connected' || localId !== null

type Props = {
  person: ShownPerson
  actor: StaffActor
  isSaved: boolean
  /** Whether the page has a button of its own that leads to the invitation. */
  hasInvite?: boolean
}

/** What the roster says of a person, on one card, and the way to correct it. */
export async function RosterSection({ person, actor, isSaved, hasInvite = false }: Props) {
  const t = await getTranslations('staff.people.person')
  return (
    <section aria-labelledby="roster-title" id="roster" className="card space-y-4">
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-2">
        <h2 id="roster-title">{t('roster')}</h2>
        <ul className="no-print flex flex-wrap gap-x-6">
          {steps
            .filter(({ page, needs }) => may(actor, needs) && !(hasInvite && page === 'invite'))
            .map(({ page }) => (
              <li key={page}>
                <a href={`/staff/people/${person.id}/${page}`} className="inline-flex min-h-6 items-center">
                  {t(`steps.${page}`)}
                </a>
              </li>
            ))}
        </ul>
      </div>
      {isSaved ? <Notice tone="good">{t('notes.saved')}</Notice> : null}
      {person.confidential ? <Notice tone="warn">{t('confidential')}</Notice> : null}
      <RosterFacts person={person} />
      <h3>{t('appointments')}</h3>
      <Appointments person={person} />
    </section>
  )
}
