import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { OutcomePage } from '@/app/_components/outcome'
import { findViewer } from '@/lib/auth/gates'
import { env } from '@/lib/config/env'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('erased'))('title'), robots: { index: false } }
}

/** What erasing did. Nobody is signed in any more, so it knows nothing about who reads it. */
export default async function ErasedPage() {
  if (await findViewer()) redirect('/me')
  const t = await getTranslations('erased')
  return (
    <OutcomePage
      tone="good"
      title={t('title')}
      kept={t('kept')}
      next={t('next')}
      actions={[{ label: t('front'), href: '/' }]}
      supportEmail={env().institution.supportEmail}
    >
      <div className="space-y-3">
        <p>{t('orcid')}</p>
        <p>{t('record')}</p>
      </div>
    </OutcomePage>
  )
}
