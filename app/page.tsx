import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Ask } from '@/app/_components/ask'
import { ConnectButton } from '@/app/_components/connect-button'
import { Notice } from '@/app/_components/notice'
import { Page } from '@/app/_components/page'
import { findViewer } from '@/lib/auth/gates'
import { isRosterUsed } from '@/lib/people/about'
import { getAskText, listAskable } from '@/lib/texts/asked'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('front'))('title') }
}

/** Who asks, for what and why, and the one button. */
export default async function FrontPage() {
  const t = await getTranslations('front')
  const { content, version } = await getAskText(await listAskable())
  const viewer = await findViewer()
  return (
    <Page>
      <div className="space-y-6">
        {viewer ? <SignedInNote name={viewer.signedIn.name} /> : null}
        <Ask content={content} />
        <div className="no-print flex flex-wrap items-center gap-x-5 gap-y-3">
          <ConnectButton label={t('button')} fields={{ systems: version }} />
          <p className="note">{content.existing}</p>
        </div>
        {(await isRosterUsed()) ? (
          <p className="note">
            <a href="/privacy/roster">{t('roster')}</a>
          </p>
        ) : null}
      </div>
    </Page>
  )
}

async function SignedInNote({ name }: { name: string | null }) {
  const t = await getTranslations('front')
  return (
    <Notice>
      <bdi>{name ? t('signedInAs', { name }) : t('signedIn')}</bdi> <a href="/me">{t('seeConnection')}</a>
    </Notice>
  )
}
