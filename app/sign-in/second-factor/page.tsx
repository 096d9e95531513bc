import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { ConnectButton } from '@/app/_components/connect-button'
import { Page } from '@/app/_components/page'
import { availablePage, requireSignInOfStaff } from '@/lib/auth/gates'
import { env } from '@/lib/config/env'
import { parseOwnPath } from '@/lib/http/own-path'
import { readOne, type SearchParams } from '@/lib/list/search'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('signIn.secondFactor'))('title'), robots: { index: false } }
}

/** For staff whose sign-in had no second factor where one is required: what to do at ORCID, and the way back. */
export default availablePage(async function SecondFactorPage({
  searchParams,
}: {
  searchParams: Promise<SearchParams>
}) {
  const { lacksSecondFactor } = await requireSignInOfStaff()
  const to = parseOwnPath(readOne(await searchParams, 'to')) ?? '/staff'
  if (!lacksSecondFactor) redirect(to)
  const t = await getTranslations('signIn.secondFactor')
  const settings = `${env().orcid.issuer}/account`
  return (
    <Page>
      <div className="space-y-6">
        <h1>{t('title')}</h1>
        <p>{t('why')}</p>
        <ol className="list-decimal space-y-1 ps-5">
          <li>{t.rich('turnOn', { link: (words) => <a href={settings}>{words}</a> })}</li>
          <li>{t('signInAgain')}</li>
        </ol>
        <ConnectButton label={t('button')} fields={{ purpose: 'sign-in', fresh: 'yes', to }} />
        <p>{t.rich('mine', { link: (words) => <a href="/me">{words}</a> })}</p>
      </div>
    </Page>
  )
})
