import { getTranslations } from 'next-intl/server'
import { OrcidId } from '@/app/_components/orcid-id'
import { When } from '@/app/_components/when'
import { Fact, Facts } from '@/app/staff/_components/facts'
import { RosterState } from '@/app/staff/people/_components/roster-state'
import { env } from '@/lib/config/env'
import { orcidUri } from '@/lib/orcid/id'
import type { ShownPerson } from '@/lib/people/queries'

/** What the institution knows of a person, apart from their appointments. */
export async function RosterFacts({ person }: { person: ShownPerson }) {
  const t = await getTranslations('staff.people.person')
  const people = await getTranslations('staff.people')
  const { kind, knownOrcid, name, origin, addedAt, leavesOn } = person
  const texts = { localId: person.localId, email: person.email, department: person.department }
  return (
    <Facts label={t('facts')}>
      {(['localId', 'email', 'department'] as const).map((each) =>
        texts[each] ? (
          <Fact key={each} name={t(`texts.${each}`)} isLong={each === 'email'}>
            <bdi translate="no" className="[overflow-wrap:anywhere]">
              {texts[each]}
            </bdi>
          </Fact>
        ) : null,
      )}
      {kind ? <Fact name={t('kind')}>{people(`kinds.${kind}`)}</Fact> : null}
      <Fact name={t('state')}>
        <RosterState person={{ ...person, leavesOn: leavesOn?.toISOString().slice(0, 10) ?? null }} />
      </Fact>
      {knownOrcid ? (
        <Fact name={t('knownOrcid')} isLong>
          <OrcidId
            uri={orcidUri(knownOrcid, env().orcid.registry)}
            name={name}
            format="compact"
            authenticated={false}
          />
          <small className="note block">{t('knownMeans')}</small>
        </Fact>
      ) : null}
      <Fact name={t('added')}>
        <When at={addedAt} show="date" /> {t(`origins.${origin}`)}
      </Fact>
    </Facts>
  )
}
