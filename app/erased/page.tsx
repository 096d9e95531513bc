import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { Outcome } from '@/app/_components/outcome'
import { Page } from '@/app/_components/page'
import { findViewer } from '@/lib/auth/gates'
import { env } from '@/lib/env'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('erased'))('title'), robots: { index: false } }
}

/** What erasing did. Nobody is signed in any more, so it knows nothing about who reads it. */
export default async function ErasedPage() {
  if (await findViewer()) redirect('/me')
  const t = await getTranslations('erased')
  return (
    <Page>
      <Outcome
        tone="good"
        title={t('title')}
        kept={t('kept')}
        next={t('next')}
        actions={
          <a href="/" className="btn btn-quiet">
            {t('front')}
          </a>
        }
        supportEmail={env().institution.supportEmail}
      >
        <div className="space-y-3">
          <p>{t('orcid')}</p>
          <p>{t('record')}</p>
        </div>
      </Outcome>
    </Page>
  )
}
