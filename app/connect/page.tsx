import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { AskedPermissions, AskIntro, AskMore, AskTerms } from '@/app/_components/ask'
import { ConnectSubmit } from '@/app/_components/connect-button'
import { Page } from '@/app/_components/page'
import { ScopeChoices } from '@/app/_components/scope-choices'
import { CurrentPermissions } from '@/app/connect/_components/current-permissions'
import { findMyCampaignId } from '@/lib/auth/desk'
import { findViewer } from '@/lib/auth/gates'
import { findAskingCampaign } from '@/lib/campaigns/asking'
import { deriveConnection } from '@/lib/grants/grant'
import { listMyGrants } from '@/lib/grants/queries'
import { getLanguage } from '@/lib/i18n/request'
import { readOne, type SearchParams } from '@/lib/list/search'
import { describeScopes, getAskText, listAskable } from '@/lib/texts/asked'

export async function generateMetadata(): Promise<Metadata> {
  const hasChoice = (await listAskable()).length > 1
  return { title: hasChoice ? (await getTranslations('connect'))('title') : (await getTranslations('front'))('title') }
}

type Props = { searchParams: Promise<SearchParams> }

/** The same as the front page, with a choice where there is one. After a refusal, what the link that led there asks for. */
export default async function ConnectPage({ searchParams }: Props) {
  const [t, tFront] = await Promise.all([getTranslations('connect'), getTranslations('front')])
  const isAgain = readOne(await searchParams, 'again') !== null
  const campaignId = isAgain ? await findMyCampaignId() : null
  const campaign = campaignId ? await findAskingCampaign({ id: campaignId }, await getLanguage()) : null
  const { content, version } = await getAskText(campaign?.scopes ?? (await listAskable()), campaign?.words)
  const viewer = await findViewer()
  const grants = viewer ? await listMyGrants(viewer.signedIn.actor) : []
  const now = await describeScopes(deriveConnection(grants).liveScopes)
  return (
    <Page>
      <form method="post" action="/connect/start" className="space-y-6">
        <input type="hidden" name="systems" value={version} />
        {isAgain ? <input type="hidden" name="purpose" value="again" /> : null}
        <AskIntro {...content} />
        {grants.length > 0 ? <CurrentPermissions permissions={now} /> : null}
        {content.permissions.length > 1 ? <ScopeChoices {...content} /> : <AskedPermissions {...content} />}
        <AskTerms {...content} />
        <div className="no-print flex flex-wrap items-center gap-x-5 gap-y-3">
          <ConnectSubmit label={grants.length > 0 ? t('again') : tFront('button')} />
          <p className="note">
            {content.existing} {content.allOrNone}
          </p>
        </div>
      </form>
      <div className="mt-4">
        <AskMore {...content} />
      </div>
    </Page>
  )
}
