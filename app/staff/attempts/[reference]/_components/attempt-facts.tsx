import { getTranslations } from 'next-intl/server'
import { OrcidId } from '@/app/_components/orcid-id'
import { When } from '@/app/_components/when'
import { Fact, Facts } from '@/app/staff/_components/facts'
import { PersonLink } from '@/app/staff/_components/person-link'
import { ScopeNames } from '@/app/staff/_components/scope-names'
import type { ReferencedAttempt } from '@/lib/attempts/lookup'
import { orcidUri } from '@/lib/orcid/id'
import { toProof } from '@/lib/researchers/researcher'

/** Who made the attempt as far as known, when, for what, and what was permitted. */
export async function AttemptFacts({ attempt }: { attempt: ReferencedAttempt }) {
  const t = await getTranslations('staff.attempt')
  const person = await getTranslations('staff.person')
  const { researcher, startedBy, grant, revocations } = attempt
  return (
    <div className="card space-y-4">
      <Facts label={t('facts')} isWide>
        <Fact name={t('person')}>{researcher ? <Who who={researcher} /> : t('unknownPerson')}</Fact>
        {startedBy && startedBy.id !== researcher?.id ? (
          <Fact name={t('signedInAs')}>
            <Who who={startedBy} />
          </Fact>
        ) : null}
      </Facts>
      <Facts>
        <Fact name={person('purpose')}>
          {person(`purposes.${attempt.purpose}`)}
          {attempt.staffInvitationId ? <span className="block">{t('toJoin')}</span> : null}
        </Fact>
        <Fact name={person('started')}>
          <When at={attempt.startedAt} show="time" />
        </Fact>
        {attempt.endedAt ? (
          <Fact name={person('ended')}>
            <When at={attempt.endedAt} show="time" />
          </Fact>
        ) : null}
        {grant ? <Fact name={t('since')}>{person(`states.${grant.state}`)}</Fact> : null}
        {revocations.map(({ requestedAt, confirmedAt }) => (
          <Fact key={requestedAt.toISOString()} name={t('cancelled')}>
            {confirmedAt ? <When at={confirmedAt} show="time" /> : t('notCancelled')}
          </Fact>
        ))}
      </Facts>
      <Facts isWide>
        <Fact name={t('asked')}>
          <ScopeNames scopes={attempt.scopesAsked} />
        </Fact>
        {grant ? (
          <Fact name={t('granted')}>
            <ScopeNames scopes={grant.scopes} />
          </Fact>
        ) : null}
      </Facts>
      {researcher ? null : <p className="note">{t('kept')}</p>}
    </div>
  )
}

async function Who({ who }: { who: NonNullable<ReferencedAttempt['researcher']> }) {
  return (
    <span className="flex flex-wrap items-center gap-x-4 gap-y-1 text-base [overflow-wrap:anywhere]">
      <PersonLink orcid={who.orcid} name={who.name} />
      <OrcidId uri={orcidUri(who.orcid, who.registry)} name={who.name} {...toProof(who)} />
    </span>
  )
}
