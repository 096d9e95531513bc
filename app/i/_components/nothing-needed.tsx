import { getTranslations } from 'next-intl/server'
import { OutcomePage } from '@/app/_components/outcome'
import { env } from '@/lib/config/env'

/** For whoever allows all that is asked for already. */
export async function NothingNeeded() {
  const t = await getTranslations('invitation.complete')
  return (
    <OutcomePage
      tone="good"
      title={t('title')}
      kept={t('kept')}
      next={t('next')}
      actions={[{ label: t('me'), href: '/me' }]}
      supportEmail={env().institution.supportEmail}
    />
  )
}
