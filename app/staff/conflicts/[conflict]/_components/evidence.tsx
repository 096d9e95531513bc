import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import type { ShownConflict } from '@/lib/people/conflict-queries'
import { compareNames } from '@/lib/people/names'

const mergingHelp = 'https://support.orcid.org/hc/en-us/articles/360006896634'

/** What was found, what the names say, and what else is asked about the iD. */
export async function Evidence({ conflict }: { conflict: ShownConflict }) {
  const t = await getTranslations('staff.conflicts')
  const { kind, evidence, person, otherPerson, others } = conflict
  const nameOf = ({ givenName, familyName, orcidName }: typeof person) =>
    [givenName, familyName].filter(Boolean).join(' ') || orcidName
  const names = otherPerson && otherPerson.id !== person.id ? compareNames(nameOf(person), nameOf(otherPerson)) : null
  return (
    <section aria-labelledby="evidence" className="max-w-[44rem] space-y-3">
      <h2 id="evidence">{t('evidenceTitle')}</h2>
      <ul className="list-disc space-y-1 ps-5">
        {evidence.map((each) => (
          <li key={each}>{t.has(`found.${each}`) ? t(`found.${each}`) : each}</li>
        ))}
        {names && !(names === 'alike' && evidence.includes('names')) ? <li>{t(`names.${names}`)}</li> : null}
        {evidence.length === 0 ? <li>{t(`because.${kind}`)}</li> : null}
        {others.map((other) => (
          <li key={other.id}>
            {t.rich('alsoAsked', {
              link: (): ReactNode => (
                <a key={other.id} href={`/staff/conflicts/${other.id}`}>
                  <bdi translate="no">{other.person.name ?? other.person.localId ?? t('onlyId')}</bdi>
                </a>
              ),
            })}
          </li>
        ))}
      </ul>
      {kind === 'one_person_two_ids' ? (
        <p>
          {t('orcidMerges')} <a href={mergingHelp}>{t('orcidMergesMore')}</a>
        </p>
      ) : null}
    </section>
  )
}
