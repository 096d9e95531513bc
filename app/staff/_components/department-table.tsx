import { getFormatter, getTranslations } from 'next-intl/server'
import { BarRow, BarTable } from '@/app/staff/_components/charts/bar-table'
import { Key } from '@/app/staff/_components/charts/patterns'
import { listHref } from '@/app/staff/_components/list-href'
import { env } from '@/lib/config/env'
import type { DepartmentCount } from '@/lib/researchers/overview'

/**
 * Departments, each with who is connected, who is here with an iD alone, and everybody that there ever was. Where nobody
 * can be more than their iD there is no column for more.
 */
export async function DepartmentTable({ departments }: { departments: readonly DepartmentCount[] }) {
  const t = await getTranslations('staff.overview')
  const format = await getFormatter()
  const hasConnected = env().orcid.api === 'member' || departments.some(({ connected }) => connected > 0)
  const most = Math.max(...departments.map(({ total }) => total), 0)
  return (
    <>
      {hasConnected ? (
        <ul className="note flex flex-wrap gap-x-5 gap-y-1 pb-1">
          <Key look="full">{t('connected')}</Key>
          <Key look="hatched">{t('identityOnly')}</Key>
        </ul>
      ) : null}
      <BarTable
        caption={t('byDepartment')}
        heads={[
          t('department'),
          ...(hasConnected ? [t('heads.connected')] : []),
          t('heads.identityOnly'),
          t('heads.everybody'),
        ]}
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
              {hasConnected ? (
                <td>
                  <a href={listHref({ ...filters, state: 'connected' })}>{format.number(connected)}</a>
                </td>
              ) : null}
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
    </>
  )
}
