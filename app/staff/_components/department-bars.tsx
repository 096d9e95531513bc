import { getFormatter, getTranslations } from 'next-intl/server'
import { EmptyState } from '@/app/_components/empty-state'
import { BarRow, BarTable } from '@/app/staff/_components/charts/bar-table'
import { Key } from '@/app/staff/_components/charts/patterns'
import { listHref } from '@/app/staff/_components/list-href'
import type { Overview } from '@/lib/researchers/overview'

type Props = Pick<Overview, 'departments' | 'otherDepartments'>

/** The largest departments: who is connected, who is here with an iD alone, and everybody that there ever was. */
export async function DepartmentBars({ departments, otherDepartments: others }: Props) {
  const t = await getTranslations('staff.overview')
  const format = await getFormatter()
  const known = departments.some(({ department }) => department !== null)
  const most = Math.max(...departments.map(({ total }) => total), 0)
  const [largest] = departments.filter(({ department }) => department !== null)
  return (
    <section aria-labelledby="by-department" className="space-y-3">
      <div>
        <h2 id="by-department">{t('byDepartment')}</h2>
        {largest ? (
          <p className="note">
            {t('byDepartmentHint', {
              name: largest.department ?? '',
              connected: largest.connected,
              total: largest.total,
            })}
          </p>
        ) : null}
      </div>
      {known ? (
        <div className="card py-3!">
          <ul className="note flex flex-wrap gap-x-5 gap-y-1 pb-1">
            <Key look="full">{t('connected')}</Key>
            <Key look="hatched">{t('identityOnly')}</Key>
          </ul>
          <BarTable
            caption={t('byDepartment')}
            heads={[t('department'), t('heads.connected'), t('heads.identityOnly'), t('heads.everybody')]}
          >
            <tbody>
              {departments.map(({ department, filters, connected, identityOnly, total }) => (
                <BarRow
                  key={department ?? ''}
                  name={department === null ? t('noDepartment') : <bdi translate="no">{department}</bdi>}
                  parts={[
                    { value: connected, look: 'full' },
                    { value: identityOnly, look: 'hatched' },
                  ]}
                  most={most}
                >
                  <td>
                    <a href={listHref({ ...filters, state: 'connected' })}>{format.number(connected)}</a>
                  </td>
                  <td>
                    <a href={listHref({ ...filters, state: 'identity-only' })}>{format.number(identityOnly)}</a>
                  </td>
                  <td>
                    <a href={listHref(filters)}>{format.number(total)}</a>
                  </td>
                </BarRow>
              ))}
            </tbody>
          </BarTable>
          {others.departments > 0 ? <p className="note pt-2">{t('otherDepartments', others)}</p> : null}
        </div>
      ) : (
        <EmptyState>{t('noDepartments')}</EmptyState>
      )}
    </section>
  )
}
