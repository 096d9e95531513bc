import { getFormatter, getTranslations } from 'next-intl/server'
import { BarRow, BarTable } from '@/app/staff/_components/charts/bar-table'
import { listHref } from '@/app/staff/_components/list-href'
import { describeScopes } from '@/app/staff/_components/staff-scopes'
import type { Overview } from '@/lib/researchers/overview'

type Props = { permissions: Overview['permissions']; total: number }

/** How many of those whose iD is authenticated permit what. */
export async function PermissionBars({ permissions, total }: Props) {
  const t = await getTranslations('staff.overview')
  const format = await getFormatter()
  const described = await describeScopes(permissions.map(({ scope }) => scope))
  const share = (count: number) =>
    format.number(total > 0 ? count / total : 0, { style: 'percent', maximumFractionDigits: 1 })
  return (
    <section aria-labelledby="by-permission" className="space-y-3">
      <div>
        <h2 id="by-permission">{t('byPermission')}</h2>
        <p className="note">{t('byPermissionHint', { total })}</p>
      </div>
      <div className="card">
        <BarTable caption={t('byPermission')} heads={[t('permission'), t('people'), t('share')]}>
          <tbody>
            {described.map(({ scope, title }) => {
              const { filters, count } = permissions.find((each) => each.scope === scope) ?? { filters: null, count: 0 }
              return (
                <BarRow key={scope} name={title} parts={[{ value: count, look: 'full' }]} most={total}>
                  <td>{filters ? <a href={listHref(filters)}>{format.number(count)}</a> : null}</td>
                  <td>{share(count)}</td>
                </BarRow>
              )
            })}
          </tbody>
        </BarTable>
      </div>
    </section>
  )
}
