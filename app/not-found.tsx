import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Page } from '@/app/_components/page'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('notFound'))('title'), robots: { index: false } }
}

export default async function NotFound() {
  const t = await getTranslations('notFound')
  return (
    <Page>
      <div className="space-y-4">
        <h1>{t('title')}</h1>
        <p>{t('text')}</p>
        <p className="flex flex-wrap gap-x-6 gap-y-2">
          <a href="/">{t('home')}</a>
          <a href="/me">{t('me')}</a>
        </p>
      </div>
    </Page>
  )
}
