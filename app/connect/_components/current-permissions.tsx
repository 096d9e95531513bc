import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { isIdentityOnly } from '@/lib/orcid/scopes'

/** What somebody permits before they choose again. */
export async function CurrentPermissions({ permissions }: { permissions: { scope: string; title: string }[] }) {
  const t = await getTranslations('connect')
  if (permissions.length === 0) return <Notice>{t('nowNothing')}</Notice>
  return (
    <Notice>
      <h2 className="text-base">{t('now')}</h2>
      <ul className="list-disc ps-5">
        {permissions.map(({ scope, title }) => (
          <li key={scope}>{title}</li>
        ))}
      </ul>
      <p className="mt-2">
        {isIdentityOnly(permissions.map(({ scope }) => scope)) ? null : (
          <>
            {t('keep')} <a href="/me/narrow">{t('less')}</a> ·{' '}
          </>
        )}
        <a href="/me/withdraw">{t('withdraw')}</a>
      </p>
    </Notice>
  )
}
