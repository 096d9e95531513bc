import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { ConnectSubmit } from '@/app/_components/connect-button'
import { Notice } from '@/app/_components/notice'
import { Page } from '@/app/_components/page'
import { LinkCode } from '@/app/join/_components/link-code'
import { env } from '@/lib/config/env'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('join'))('title'), robots: { index: false } }
}

/** Where a link to join the team leads. It asks nobody whether the link is good: only the form brings its secret here. */
export default async function JoinPage({ searchParams }: { searchParams: Promise<{ note?: unknown }> }) {
  const t = await getTranslations('join')
  const { note } = await searchParams
  return (
    <Page>
      <div className="space-y-6">
        <div className="space-y-3">
          <h1>{t('title')}</h1>
          <p>{t('lead', { institution: env().institution.name })}</p>
          <p>
            {t('asks')} <code className="text-ink-soft">openid</code>
          </p>
        </div>
        {note === 'unusable' ? (
          <Notice tone="warn">
            <p className="font-semibold">{t('unusable')}</p>
            <p>{t('unusableWhy')}</p>
            <p>{t('unusableNext')}</p>
          </Notice>
        ) : null}
        <form method="post" action="/join/start" className="space-y-4">
          <LinkCode label={t('code')} hint={t('codeHint')} />
          <ConnectSubmit label={t('button')} />
        </form>
      </div>
    </Page>
  )
}
