import { getTranslations } from 'next-intl/server'
import { EmptyState } from '@/app/_components/empty-state'
import { Permission, PermissionList } from '@/app/_components/permission'
import { describeScopes, listAskable } from '@/lib/texts/asked'

/** What the person permits now, beside what is asked for and missing. */
export async function LivePermissions({ live }: { live: string[] }) {
  const t = await getTranslations('staff.person')
  if (live.length === 0) return <EmptyState>{t('nothingNow')}</EmptyState>
  const described = await describeScopes([...live, ...(await listAskable())])
  return (
    <div className="space-y-2">
      <h3>{t('now')}</h3>
      <PermissionList label={t('now')}>
        {described.map(({ scope, title }) => (
          <Permission key={scope} title={title} granted={live.includes(scope)}>
            {live.includes(scope) ? null : <p className="note">{t('missing')}</p>}
          </Permission>
        ))}
      </PermissionList>
    </div>
  )
}
