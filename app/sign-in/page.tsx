import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { ConnectButton } from '@/app/_components/connect-button'
import { Notice } from '@/app/_components/notice'
import { Page } from '@/app/_components/page'
import { findViewer } from '@/lib/auth/gates'
import { parseOwnPath } from '@/lib/http/own-path'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('signIn'))('title') }
}

type Props = { searchParams: Promise<{ to?: string | string[] }> }

/** For people who are connected already, and for staff. `to` is the page that somebody asked for. */
export default async function SignInPage({ searchParams }: Props) {
  const t = await getTranslations('signIn')
  const viewer = await findViewer()
  const to = parseOwnPath((await searchParams).to)
  const name = viewer?.signedIn.name
  return (
    <Page>
      <div className="space-y-6">
        <div className="space-y-3">
          <h1>{t('title')}</h1>
          {viewer ? (
            <Notice>
              <bdi>{name ? t('alreadyAs', { name }) : t('already')}</bdi>{' '}
              <a href={to ?? '/me'}>{t(to ? 'toPage' : 'toMe')}</a>
            </Notice>
          ) : null}
          <p>{t('lead')}</p>
          {to && !viewer ? <p>{t('thenBack')}</p> : null}
          <p>{t('asks')}</p>
          <p>
            {t('about')} <a href="https://orcid.org">{t('moreAboutOrcid')}</a>
          </p>
        </div>
        <ConnectButton label={t('button')} fields={{ purpose: 'sign-in', ...(to ? { to } : {}) }} />
        <p>
          {t('notYet')} <a href="/">{t('toFront')}</a>
        </p>
      </div>
    </Page>
  )
}
