import { getTranslations } from 'next-intl/server'
import { EmptyState } from '@/app/_components/empty-state'
import { DepartmentTable } from '@/app/staff/_components/department-table'
import { env } from '@/lib/config/env'
import type { Overview } from '@/lib/researchers/overview'

type Props = Pick<Overview, 'departments' | 'otherDepartments'>

/** The largest departments, and the way to all the others. */
export async function DepartmentBars({ departments, otherDepartments: others }: Props) {
  const t = await getTranslations('staff.overview')
  const [largest] = departments.filter(({ department }) => department !== null)
  const idsAlone = env().orcid.api === 'public'
  return (
    <section aria-labelledby="by-department" className="space-y-3">
      <div>
        <h2 id="by-department">{t('byDepartment')}</h2>
        {largest ? (
          <p className="note">
            {t(idsAlone ? 'byDepartmentHintIds' : 'byDepartmentHint', {
              name: largest.department ?? '',
              connected: largest.connected,
              identityOnly: largest.identityOnly,
              total: largest.total,
            })}
          </p>
        ) : null}
      </div>
      {largest ? (
        <div className="card">
          <DepartmentTable departments={departments} />
          {others.departments > 0 ? (
            <p className="note pt-2">
              {t.rich(idsAlone ? 'otherDepartmentsIds' : 'otherDepartments', {
                ...others,
                link: (words) => (
                  <a
                    key="others"
                    href={`/staff/departments?from=${departments.length}`}
                    className="inline-flex min-h-6 items-center"
                  >
                    {words}
                  </a>
                ),
              })}
            </p>
          ) : null}
        </div>
      ) : (
        <EmptyState>{t('noDepartments')}</EmptyState>
      )}
    </section>
  )
}
