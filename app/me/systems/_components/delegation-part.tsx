import { getTranslations } from 'next-intl/server'
import { When } from '@/app/_components/when'
import { env } from '@/lib/config/env'
import type { MyDelegations } from '@/lib/delegations/queries'

/** What a member of ORCID can do by itself with what the researcher allows us, and each time that it was let. */
export async function DelegationPart({ name, delegations }: { name: string; delegations: MyDelegations }) {
  const t = await getTranslations('me.systems.delegation')
  const { receiver, count, newest } = delegations
  const { institution } = env()
  return (
    <div className="space-y-1">
      <h3>{t('title')}</h3>
      <p>{t('can', { name, institution: institution.name })}</p>
      {receiver ? (
        <p className="note">
          {t('receiver')} <bdi translate="no">{receiver}</bdi>
        </p>
      ) : null}
      {count === 0 ? <p className="text-ink-soft">{t('none')}</p> : <p>{t('count', { count })}</p>}
      <ul className="space-y-1">
        {newest.map(({ id, at, endedAt }) => (
          <li key={id}>
            {endedAt
              ? t.rich('ended', { when: () => <When at={at} />, end: () => <When at={endedAt} /> })
              : t.rich('released', { when: () => <When at={at} /> })}
          </li>
        ))}
      </ul>
      {newest.some(({ endedAt }) => endedAt) ? <p className="note">{t('again', { name })}</p> : null}
    </div>
  )
}
