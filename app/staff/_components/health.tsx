import { CircleAlert, CircleCheck } from 'lucide-react'
import { getFormatter, getTranslations } from 'next-intl/server'
import { When } from '@/app/_components/when'
import { listHref } from '@/app/staff/_components/list-href'
import { describeScopes } from '@/app/staff/_components/staff-scopes'
import type { SweepState } from '@/lib/checks/queries'
import type { Overview } from '@/lib/researchers/overview'

/** What the connected allow, each with its share. */
export async function PermissionLine({ permissions, connected }: Pick<Overview, 'permissions' | 'connected'>) {
  const t = await getTranslations('staff.overview')
  const format = await getFormatter()
  const described = await describeScopes(permissions.map(({ scope }) => scope))
  const total = connected.count
  const shown = permissions.filter(({ scope }) => scope !== 'openid')
  if (shown.length === 0) return null
  return (
    <section aria-labelledby="permissions" className="flex flex-col gap-2">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <h2 id="permissions">{t('byPermission')}</h2>
        <p className="note">{t('permissionsOf', { count: total })}</p>
      </div>
      <ul className="card flex-1 py-3! text-sm">
        {shown.map(({ scope, filters, count }) => (
          <li key={scope} className="flex min-h-6 items-baseline justify-between gap-4">
            <span className="min-w-0">{described.find((each) => each.scope === scope)?.title ?? scope}</span>
            <span className="shrink-0 tabular-nums">
              {format.number(total > 0 ? count / total : 0, { style: 'percent', maximumFractionDigits: 0 })}
              {' · '}
              <a href={listHref(filters)} className="inline-block min-h-6">
                {format.number(count)}
              </a>
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Whether ORCID is asked about every permission in time. */
export async function CheckLine({ sweep, overview }: { sweep: SweepState; overview: Overview }) {
  const t = await getTranslations('staff.overview')
  const { late, latestAt, everyDays } = sweep
  const { authenticated, findings } = overview
  const unchecked = findings.find(({ finding }) => finding === 'unchecked')?.count ?? 0
  const isGood = late.count === 0
  const Mark = isGood ? CircleCheck : CircleAlert
  return (
    <section aria-labelledby="checks" className="flex flex-col gap-2">
      <h2 id="checks">{t('checks')}</h2>
      <div className="card flex-1 space-y-0.5 py-3!">
        <p className="flex items-start gap-2 text-sm">
          <Mark size={20} className={`shrink-0 ${isGood ? 'text-good' : 'text-warn'}`} />
          {authenticated.count === 0
            ? t('checksNothing')
            : isGood
              ? t('checksGood', { days: everyDays, fresh: unchecked })
              : t.rich('checksLate', {
                  count: late.count,
                  days: everyDays,
                  link: (words) => (
                    <a
                      key="late"
                      href={listHref({ ...authenticated.filters, checkedBefore: late.day, sort: 'checked' })}
                    >
                      {words}
                    </a>
                  ),
                })}
        </p>
        <p className="note">
          {latestAt ? t.rich('checksLast', { when: () => <When key="latest" at={latestAt} /> }) : null}{' '}
          {!isGood && unchecked > 0 ? t('checksNew', { count: unchecked }) : null}
        </p>
        <p className="text-sm">
          <a href="/staff/figures#sweep" className="inline-flex min-h-6 items-center">
            {t('checksMore')}
          </a>
        </p>
      </div>
    </section>
  )
}
