import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { EmptyState } from '@/app/_components/empty-state'
import { When } from '@/app/_components/when'
import { Fact, Facts } from '@/app/staff/_components/facts'
import { PersonLink } from '@/app/staff/_components/person-link'
import { ScopeNames } from '@/app/staff/_components/scope-names'
import type { listAttemptsOf } from '@/lib/attempts/queries'

type Attempts = Awaited<ReturnType<typeof listAttemptsOf>>['rows']

/** Each connection attempt under the reference that people quote, which leads to what can be said about it. */
export async function AttemptList({
  attempts,
  researcherId,
  children,
}: {
  attempts: Attempts
  /** Whose page this is: an attempt of theirs may have ended with somebody else. */
  researcherId: string
  children: ReactNode
}) {
  const t = await getTranslations('staff.person')
  return (
    <section id="attempts" aria-labelledby="attempts-title" className="space-y-3">
      <div>
        <h2 id="attempts-title">{t('attempts')}</h2>
        <p className="note">{t('attemptsHint')}</p>
      </div>
      {attempts.length === 0 ? <EmptyState>{t('noAttempts')}</EmptyState> : null}
      <ul className="space-y-3">
        {attempts.map(({ id, reference, purpose, state, outcome, scopesAsked, startedAt, endedAt, researcher }) => (
          <li key={id} className="card card-small space-y-3">
            <p className="flex flex-wrap items-baseline gap-x-4 gap-y-1">
              <a href={`/staff/attempts/${reference}`} className="inline-flex min-h-6 items-center">
                <code className="whitespace-nowrap font-semibold">{reference}</code>
              </a>
              <span>{outcome ? t(`outcomes.${outcome}`) : t(`attemptStates.${state}`)}</span>
            </p>
            <Facts>
              <Fact name={t('purpose')}>{t(`purposes.${purpose}`)}</Fact>
              {researcher && researcher.id !== researcherId ? (
                <Fact name={t('endedAs')}>
                  <PersonLink orcid={researcher.orcid} name={researcher.name} />
                </Fact>
              ) : null}
              <Fact name={t('started')}>
                <When at={startedAt} />
              </Fact>
              {endedAt ? (
                <Fact name={t('ended')}>
                  <When at={endedAt} />
                </Fact>
              ) : null}
              <Fact name={t('asked')}>
                <ScopeNames scopes={scopesAsked} />
              </Fact>
            </Facts>
          </li>
        ))}
      </ul>
      {children}
    </section>
  )
}
