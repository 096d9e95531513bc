import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { OrcidId } from '@/app/_components/orcid-id'
import { PersonLink } from '@/app/staff/_components/person-link'
import { orcidUri } from '@/lib/orcid/id'
import type { ConflictingPerson, Conflicts } from '@/lib/researchers/conflicting'
import { toProof } from '@/lib/researchers/researcher'

/** What does not fit together about this person, who else is concerned, and what to do. */
export async function ConflictNotices({ conflicts }: { conflicts: Conflicts | null }) {
  if (!conflicts) return null
  const t = await getTranslations('staff.conflicts')
  const { mergedAndLive } = conflicts
  return (
    <>
      {mergedAndLive.length > 0 ? (
        <Notice tone="warn">
          <p className="font-medium">{t('merged.what')}</p>
          <People people={mergedAndLive} />
          <p>{t('merged.next')}</p>
        </Notice>
      ) : null}
    </>
  )
}

function People({ people }: { people: ConflictingPerson[] }) {
  return (
    <ul className="my-1">
      {people.map((person) => (
        <li key={person.orcid} className="flex flex-wrap items-center gap-x-4">
          <PersonLink orcid={person.orcid} name={person.name} />
          <OrcidId
            uri={orcidUri(person.orcid, person.registry)}
            name={person.name}
            {...toProof(person)}
            format="compact"
          />
        </li>
      ))}
    </ul>
  )
}
