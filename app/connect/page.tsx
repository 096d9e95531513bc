import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { AskedPermissions, AskIntro, AskTerms } from '@/app/_components/ask'
import { ConnectSubmit } from '@/app/_components/connect-button'
import { Page } from '@/app/_components/page'
import { ScopeChoices } from '@/app/_components/scope-choices'
import { CurrentPermissions } from '@/app/connect/_components/current-permissions'
import { findViewer } from '@/lib/auth/gates'
import { deriveConnection } from '@/lib/grants/grant'
import { listMyGrants } from '@/lib/grants/queries'
import { describeScopes, getAskText, listAskable } from '@/lib/texts/asked'

export async function generateMetadata(): Promise<Metadata> {
  const hasChoice = (await listAskable()).length > 1
  return { title: hasChoice ? (await getTranslations('connect'))('title') : (await getTranslations('front'))('title') }
}

/** The same as the front page, with a choice where there is one. */
export default async function ConnectPage() {
  const [t, tFront] = await Promise.all([getTranslations('connect'), getTranslations('front')])
  const { content, version } = await getAskText(await listAskable())
  const viewer = await findViewer()
  const grants = viewer ? await listMyGrants(viewer.signedIn.actor) : []
  const now = await describeScopes(deriveConnection(grants).liveScopes)
  return (
    <Page>
      <form method="post" action="/connect/start" className="space-y-6">
        <input type="hidden" name="systems" value={version} />
        <AskIntro {...content} more={tFront('moreAboutOrcid')} />
        {grants.length > 0 ? <CurrentPermissions permissions={now} /> : null}
        {content.permissions.length > 1 ? <ScopeChoices {...content} /> : <AskedPermissions {...content} />}
        <AskTerms {...content} recipientsLabel={tFront('recipients')} />
        <div className="no-print flex flex-wrap items-center gap-x-5 gap-y-3">
          <ConnectSubmit label={grants.length > 0 ? t('again') : tFront('button')} />
          <p className="note">{content.existing}</p>
        </div>
      </form>
    </Page>
  )
}
