import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { ConnectButton } from '@/app/_components/connect-button'
import { Page } from '@/app/_components/page'
import { availablePage, requireSignInOfStaff } from '@/lib/auth/gates'
import { parseOwnPath } from '@/lib/http/own-path'
import { readOne, type SearchParams } from '@/lib/list/search'
import { recentSignInMs } from '@/lib/staff/abilities'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('signIn.again'))('title'), robots: { index: false } }
}

/** For staff who want to do what needs a recent sign-in. ORCID asks for the password, and they land where they were. */
export default availablePage(async function SignInAgainPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { isRecent } = await requireSignInOfStaff()
  const to = parseOwnPath(readOne(await searchParams, 'to')) ?? '/staff'
  if (isRecent) redirect(to)
  const t = await getTranslations('signIn.again')
  return (
    <Page>
      <div className="space-y-6">
        <h1>{t('title')}</h1>
        <p>{t('why', { minutes: recentSignInMs / 60_000 })}</p>
        <p>{t('next')}</p>
        <ConnectButton label={t('button')} fields={{ purpose: 'sign-in', fresh: 'yes', to }} />
        <p>
          <a href={to}>{t('back')}</a>
        </p>
      </div>
    </Page>
  )
})
