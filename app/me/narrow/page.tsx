import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { EmptyState } from '@/app/_components/empty-state'
import { Notice } from '@/app/_components/notice'
import { Page } from '@/app/_components/page'
import { ChoosePermissions } from '@/app/me/narrow/_components/choose-permissions'
import { ConfirmNarrowing } from '@/app/me/narrow/_components/confirm-narrowing'
import { NarrowAtOrcid } from '@/app/me/narrow/_components/narrow-at-orcid'
import { availablePage, requireResearcher } from '@/lib/auth/gates'
import { deriveConnection } from '@/lib/grants/grant'
import { mustConnectAgain } from '@/lib/grants/narrowing'
import { listMyGrants } from '@/lib/grants/queries'
import { isIdentityOnly } from '@/lib/orcid/scopes'
import { describeScopes } from '@/lib/texts/asked'

type Props = { searchParams: Promise<Partial<Record<'keep' | 'sure' | 'more', string | string[]>>> }

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('narrow'))('title'), robots: { index: false } }
}

/** Permitting less, in two steps: what to keep, then what that gives up, with the button. */
export default availablePage(async function NarrowPage({ searchParams }: Props) {
  const { actor } = await requireResearcher()
  const { keep = [], sure, more } = await searchParams
  const t = await getTranslations('narrow')
  const grants = await listMyGrants(actor)
  const { liveScopes } = deriveConnection(grants)
  const permissions = (await describeScopes(liveScopes)).filter(({ scope }) => !isIdentityOnly([scope]))
  const kept = permissions.filter(({ scope }) => [keep].flat().includes(scope))
  const givenUp = permissions.filter(({ scope }) => ![keep].flat().includes(scope))
  const live = grants.filter(({ state }) => state === 'live')
  const asksOrcid = mustConnectAgain(
    live,
    kept.map(({ scope }) => scope),
  )
  const decides = sure !== undefined && givenUp.length > 0
  return (
    <Page>
      <div className="space-y-6">
        <h1>{decides ? t('confirmTitle') : t('title')}</h1>
        {sure !== undefined && givenUp.length === 0 ? <Notice>{t('nothingUnticked')}</Notice> : null}
        {decides && more !== undefined ? <Notice>{t('oneAtATime')}</Notice> : null}
        {permissions.length === 0 ? <EmptyState>{t('nothing')}</EmptyState> : null}
        {decides && asksOrcid ? <NarrowAtOrcid actor={actor} kept={kept} givenUp={givenUp} /> : null}
        {decides && !asksOrcid ? <ConfirmNarrowing kept={kept} givenUp={givenUp} /> : null}
        {!decides && permissions.length > 0 ? <ChoosePermissions permissions={permissions} /> : null}
        <p className="no-print">
          <a href="/me">{t('back')}</a>
        </p>
      </div>
    </Page>
  )
})
