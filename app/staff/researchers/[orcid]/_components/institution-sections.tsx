import { IdentityForms } from '@/app/staff/_components/identity-forms'
import { BindingHistory, hasHistory } from '@/app/staff/people/_components/binding-history'
import { isOnRoster, RosterSection } from '@/app/staff/people/_components/roster-section'
import { detailsOutcomes, InstitutionForm } from '@/app/staff/researchers/[orcid]/_components/institution-form'
import type { StaffActor } from '@/lib/actor'
import type { SavedFields } from '@/lib/auth/saved-form'
import type { ShownPerson } from '@/lib/people/queries'
import type { ShownResearcher } from '@/lib/researchers/rows'
import { may } from '@/lib/staff/abilities'

type Props = {
  actor: StaffActor
  researcher: ShownResearcher
  person: ShownPerson | null
  result: string | null
  /** What somebody had typed before they were signed out. */
  kept: SavedFields | null
}

/** What the institution knows of this person, and whether the iD is theirs. */
export function InstitutionSections({ actor, researcher, person, result, kept }: Props) {
  return (
    <div className="space-y-5">
      <div className="grid items-start gap-5 lg:grid-cols-2">
        <InstitutionForm
          orcid={researcher.orcid}
          details={researcher}
          mayChange={may(actor, 'editPeople')}
          kept={kept}
          result={detailsOutcomes.find((outcome) => result === `details-${outcome}`) ?? null}
        />
        <IdentityForms
          actor={actor}
          personId={researcher.personId}
          result={result?.replace(/^identity-/, '') ?? null}
        />
      </div>
      {person && isOnRoster(person) ? (
        <RosterSection person={person} actor={actor} isSaved={result === 'person-saved'} />
      ) : null}
      {person && hasHistory(person) ? <BindingHistory person={person} /> : null}
    </div>
  )
}
