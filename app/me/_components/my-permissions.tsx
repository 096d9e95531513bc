import { getTranslations } from 'next-intl/server'
import { EmptyState } from '@/app/_components/empty-state'
import { Permission, PermissionList } from '@/app/_components/permission'
import { When } from '@/app/_components/when'
import { type Connection, givenAt } from '@/lib/grants/grant'
import type { ShownGrant } from '@/lib/grants/queries'
import { describeScopes } from '@/lib/texts/asked'

type Props = {
  grants: ShownGrant[]
  /** `id_alone` where the iD is all that is permitted, and all that is asked for. */
  state: Connection['state'] | 'id_alone'
  endedAtOrcid: boolean
}

/** Each permission that is live, in words, with the grant that it comes from. */
export async function MyPermissions({ grants, state, endedAtOrcid }: Props) {
  const t = await getTranslations('me')
  const live = grants.filter((grant) => grant.state === 'live')
  const permissions = await describeScopes(live.flatMap(({ scopes }) => scopes))
  return (
    <section aria-labelledby="permissions" className="space-y-3">
      <h2 id="permissions">{t('permissions')}</h2>
      {permissions.length > 0 ? (
        <PermissionList>
          {permissions.map((permission) => (
            <Permission key={permission.scope} {...permission}>
              {/* Grants come newest first; the newest of those that include it says until when. */}
              <Origin grant={live.find(({ scopes }) => scopes.includes(permission.scope))} scope={permission.scope} />
            </Permission>
          ))}
        </PermissionList>
      ) : null}
      {state === 'id_alone' ? <p className="note">{t('idAlone')}</p> : null}
      {state === 'id_alone' || state === 'connected' ? null : (
        <EmptyState>{t(`empty.${endedAtOrcid ? 'ended_at_orcid' : state}`)}</EmptyState>
      )}
    </section>
  )
}

async function Origin({ grant, scope }: { grant: ShownGrant | undefined; scope: string }) {
  const t = await getTranslations('me')
  if (!grant) return null
  const { purpose, reference } = grant.attempt
  return (
    <dl className="note mt-1 flex flex-wrap gap-x-4 [&_dt]:inline [&_dt]:after:content-[':'] [&_dd]:inline">
      <div>
        <dt>{t('granted')}</dt>{' '}
        <dd>
          <When at={givenAt(grant, scope)} show="date" />
        </dd>
      </div>
      <div>
        <dt>{t('expires')}</dt>{' '}
        <dd>
          <When at={grant.expiresAt} show="date" />
        </dd>
      </div>
      <div>
        <dt>{t('from')}</dt> <dd>{t(`purposes.${purpose}`, { reference })}</dd>
      </div>
    </dl>
  )
}
