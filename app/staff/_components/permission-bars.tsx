import { getFormatter, getTranslations } from 'next-intl/server'
import { Bar } from '@/app/_components/bar'
import { listHref } from '@/app/staff/_components/list-href'
import { describeScopes } from '@/lib/http/asking'
import type { Tally } from '@/lib/researchers/queries'

type Props = { permissions: (Tally & { scope: string })[]; total: number }

/** How many permit what: the words and the numbers are the chart, the bar only repeats them for the eye. */
export async function PermissionBars({ permissions, total }: Props) {
  const t = await getTranslations('staff.overview')
  const format = await getFormatter()
  const described = await describeScopes(permissions.map(({ scope }) => scope))
  return (
    <section aria-labelledby="by-permission" className="space-y-3">
      <div>
        <h2 id="by-permission">{t('byPermission')}</h2>
        <p className="note">{t('byPermissionHint', { total })}</p>
      </div>
      <ul className="card space-y-4">
        {described.map(({ scope, title }) => {
          const tally = permissions.find((each) => each.scope === scope)
          const share = tally && total > 0 ? tally.count / total : 0
          return (
            <li key={scope}>
              <div className="flex flex-wrap items-baseline justify-between gap-x-4">
                {tally ? <a href={listHref(tally.filters)}>{title}</a> : title}
                <span className="text-sm tabular-nums">
                  {t('share', {
                    count: format.number(tally?.count ?? 0),
                    share: format.number(share, { style: 'percent', maximumFractionDigits: 1 }),
                  })}
                </span>
              </div>
              <Bar share={share} />
            </li>
          )
        })}
      </ul>
    </section>
  )
}
