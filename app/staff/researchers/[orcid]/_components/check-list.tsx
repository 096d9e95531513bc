import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { EmptyState } from '@/app/_components/empty-state'
import { When } from '@/app/_components/when'
import { describeScopes } from '@/app/staff/_components/staff-scopes'
import type { listChecksOf } from '@/lib/checks/queries'

type Checks = Awaited<ReturnType<typeof listChecksOf>>['rows']

/** What ORCID said each time it was asked about this person's permissions, newest first. */
export async function CheckList({ checks, children }: { checks: Checks; children: ReactNode }) {
  const t = await getTranslations('staff.checks')
  const named = await Promise.all(checks.map(({ grant }) => describeScopes(grant.scopes)))
  return (
    <section id="checks" aria-labelledby="checks-title" className="space-y-3">
      <div>
        <h2 id="checks-title">{t('title')}</h2>
        <p className="note">{t('hint')}</p>
      </div>
      {checks.length === 0 ? (
        <EmptyState>{t('none')}</EmptyState>
      ) : (
        <ul className="card card-list">
          {checks.map(({ id, at, finding, reason }, index) => (
            <li key={String(id)} className="py-2.5">
              <span className="flex flex-wrap items-baseline justify-between gap-x-4">
                <span className="font-medium">{t(`findings.${finding}`)}</span>
                <span className="note">
                  {t(`reasons.${reason}`)} · <When at={at} />
                </span>
              </span>
              <span className="note">{named[index]?.map(({ title }) => title).join(', ')}</span>
            </li>
          ))}
        </ul>
      )}
      {children}
    </section>
  )
}
