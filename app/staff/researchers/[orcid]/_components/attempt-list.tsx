import { getTranslations } from 'next-intl/server'
import { EmptyState } from '@/app/_components/empty-state'
import { When } from '@/app/_components/when'
import { Fact, Facts } from '@/app/staff/researchers/[orcid]/_components/facts'
import { ScopeNames } from '@/app/staff/researchers/[orcid]/_components/scope-names'
import type { listAttemptsOf } from '@/lib/attempts/queries'

type Attempts = Awaited<ReturnType<typeof listAttemptsOf>>

/** Each trip to ORCID in words that can be repeated on the telephone, under the reference that people quote. */
export async function AttemptList({ attempts }: { attempts: Attempts }) {
  const t = await getTranslations('staff.person')
  return (
    <section id="attempts" aria-labelledby="attempts-title" className="space-y-3">
      <div>
        <h2 id="attempts-title">{t('attempts')}</h2>
        <p className="note">{t('attemptsHint')}</p>
      </div>
      {attempts.length === 0 ? <EmptyState>{t('noAttempts')}</EmptyState> : null}
      <ul className="space-y-3">
        {attempts.map(({ id, reference, purpose, state, outcome, scopesAsked, startedAt, endedAt }) => (
          <li key={id} id={reference} className="card space-y-3 px-4! py-3! target:border-accent">
            <p className="flex flex-wrap items-baseline gap-x-4 gap-y-1">
              <code className="whitespace-nowrap font-semibold">{reference}</code>
              <span>{outcome ? t(`outcomes.${outcome}`) : t(`attemptStates.${state}`)}</span>
            </p>
            <Facts>
              <Fact name={t('purpose')}>{t(`purposes.${purpose}`)}</Fact>
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
    </section>
  )
}
