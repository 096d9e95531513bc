import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { OrcidId } from '@/app/_components/orcid-id'
import { PersonLink } from '@/app/staff/_components/person-link'
import { orcidUri } from '@/lib/orcid/id'
import type { ConflictKind } from '@/lib/people/person'
import type { ConflictingPerson, Conflicts } from '@/lib/researchers/conflicting'
import { toProof } from '@/lib/researchers/researcher'

type OpenConflict = { id: string; kind: ConflictKind }

/** What does not fit together about this person, who else is concerned, and what to do. */
export async function ConflictNotices({
  conflicts = null,
  open,
}: {
  conflicts?: Conflicts | null
  open: OpenConflict[]
}) {
  const t = await getTranslations('staff.conflicts')
  const mergedAndLive = conflicts?.mergedAndLive ?? []
  return (
    <>
      {open.map(({ id, kind }) => (
        <Notice key={id} tone={kind === 'proposal' ? 'info' : 'warn'}>
          <p>
            <a href={`/staff/conflicts/${id}`} className="font-medium">
              {t(`kinds.${kind}`)}
            </a>
          </p>
          <p>{t(kind === 'proposal' ? 'goesOn' : 'stands')}</p>
        </Notice>
      ))}
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
