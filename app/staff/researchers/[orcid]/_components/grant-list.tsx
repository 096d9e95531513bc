import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { grantStates, State } from '@/app/_components/state'
import { When } from '@/app/_components/when'
import { Fact, Facts } from '@/app/staff/_components/facts'
import { ScopeNames } from '@/app/staff/_components/scope-names'
import type { ShownGrant } from '@/lib/grants/queries'

/** Every grant there ever was, newest first: what it permits and how it stands. */
export async function GrantList({ grants, children }: { grants: ShownGrant[]; children: ReactNode }) {
  const t = await getTranslations('staff.person')
  const checks = await getTranslations('staff.checks')
  return (
    <section id="grants" aria-labelledby="grants-title" className="space-y-3">
      <h2 id="grants-title">{t('grants')}</h2>
      {grants.length === 0 ? <p className="text-ink-soft">{t('noGrants')}</p> : null}
      <ul className="space-y-3">
        {grants.map((grant) => (
          <li key={grant.id} className="card card-small space-y-3">
            <State state={grantStates[grant.state]}>
              <span className="whitespace-normal">{t(`states.${grant.state}`)}</span>
            </State>
            <ScopeNames scopes={grant.scopes} />
            <Facts>
              <Fact name={t('granted')}>
                <When at={grant.grantedAt} />
              </Fact>
              <Fact name={t('ends')}>
                <When at={grant.expiresAt} show="date" />
              </Fact>
              {grant.endedAt ? (
                <Fact name={t('ended')}>
                  <When at={grant.endedAt} />
                </Fact>
              ) : null}
              {grant.state === 'live' ? (
                <Fact name={t('lastChecked')}>
                  {grant.lastCheckedAt ? <When at={grant.lastCheckedAt} /> : t('never')}
                </Fact>
              ) : null}
              {grant.state === 'live' && grant.finding ? (
                <Fact name={t('found')}>{checks(`findings.${grant.finding}`)}</Fact>
              ) : null}
              {grant.nameGiven ? (
                <Fact name={t('nameGiven')}>
                  <bdi translate="no" className="[overflow-wrap:anywhere]">
                    {grant.nameGiven}
                  </bdi>
                </Fact>
              ) : null}
              <Fact name={t('client')}>
                <code className="[overflow-wrap:anywhere]">{grant.clientId}</code>
              </Fact>
              <Fact name={t('reference')}>
                <a href={`/staff/attempts/${grant.attempt.reference}`} className="inline-flex min-h-6 items-center">
                  <code className="whitespace-nowrap">{grant.attempt.reference}</code>
                </a>
              </Fact>
            </Facts>
          </li>
        ))}
      </ul>
      {children}
    </section>
  )
}
