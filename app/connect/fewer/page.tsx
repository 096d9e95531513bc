import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { AttemptOutcomePage } from '@/app/connect/_components/attempt-outcome'
import { requireMyAttempt } from '@/app/connect/_components/my-attempt'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('attempt'))('fewer.title') }
}

export default async function FewerPage() {
  const attempt = await requireMyAttempt('fewer')
  const t = await getTranslations('attempt')
  return (
    <AttemptOutcomePage
      attempt={attempt}
      outcome="fewer"
      next={t('fewer.next')}
      action={{ label: t('again'), href: '/connect' }}
    />
  )
}
