import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { AskedPermissions, AskIntro, AskMore, AskTerms } from '@/app/_components/ask'
import { ConnectSubmit } from '@/app/_components/connect-button'
import { Notice } from '@/app/_components/notice'
import { Page } from '@/app/_components/page'
import { ScopeChoices } from '@/app/_components/scope-choices'
import { CurrentPermissions } from '@/app/connect/_components/current-permissions'
import { findMyCampaignId } from '@/lib/auth/desk'
import { findViewer } from '@/lib/auth/gates'
import { findAskingCampaign } from '@/lib/campaigns/asking'
import { deriveConnection } from '@/lib/grants/grant'
import { listMyGrants } from '@/lib/grants/queries'
import { getLanguage } from '@/lib/i18n/request'
import { readAll, readOne, type SearchParams } from '@/lib/list/search'
import { describeScopes, getAskText, listAskable } from '@/lib/texts/asked'

export async function generateMetadata(): Promise<Metadata> {
  const hasChoice = (await listAskable()).length > 1
  return { title: hasChoice ? (await getTranslations('connect'))('title') : (await getTranslations('front'))('title') }
}

type Props = { searchParams: Promise<SearchParams> }

/**
 * The same as the front page, with a choice where there is one. After a refusal, what the link that led there asks for.
 * With `scope`, the text for exactly these, which somebody ticked on `/me`.
 */
export default async function ConnectPage({ searchParams }: Props) {
  const [t, tFront] = await Promise.all([getTranslations('connect'), getTranslations('front')])
  const query = await searchParams
  const isAgain = readOne(query, 'again') !== null
  const campaignId = isAgain ? await findMyCampaignId() : null
  const campaign = campaignId ? await findAskingCampaign({ id: campaignId }, await getLanguage()) : null
  const askable = campaign?.scopes ?? (await listAskable())
  const ticked = isAgain ? [] : askable.filter((scope) => readAll(query, 'scope').includes(scope))
  const isTicked = ticked.length > 0
  const asked = isTicked ? [...new Set(['openid', ...ticked])] : askable
  const { content, version } = await getAskText(asked, campaign?.words)
  const viewer = await findViewer()
  const grants = viewer ? await listMyGrants(viewer.signedIn.actor) : []
  const { liveScopes } = deriveConnection(grants)
  return (
    <Page>
      <form method="post" action="/connect/start" className="space-y-6">
        <input type="hidden" name="systems" value={version} />
        {isAgain ? <input type="hidden" name="purpose" value="again" /> : null}
        {isTicked ? asked.map((scope) => <input key={scope} type="hidden" name="scope" value={scope} />) : null}
        <AskIntro {...content} />
        {isTicked ? <NewPermissions asked={asked} liveScopes={liveScopes} /> : null}
        {grants.length > 0 && !isTicked ? <CurrentPermissions permissions={await describeScopes(liveScopes)} /> : null}
        {content.permissions.length > 1 && !isTicked ? (
          <ScopeChoices {...content} />
        ) : (
          <AskedPermissions {...content} />
        )}
        <AskTerms {...content} />
        <div className="no-print flex flex-wrap items-center gap-x-5 gap-y-3">
          <ConnectSubmit label={isTicked ? t('goOn') : grants.length > 0 ? t('again') : tFront('button')} />
          {isTicked && viewer ? (
            <a href="/me" className="inline-flex min-h-6 items-center">
              {t('back')}
            </a>
          ) : null}
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

/** Which of them are allowed already: ORCID lists all. */
async function NewPermissions({ asked, liveScopes }: { asked: string[]; liveScopes: string[] }) {
  const added = asked.filter((scope) => !liveScopes.includes(scope))
  if (added.length === 0 || added.length === asked.length) return null
  const t = await getTranslations('connect')
  const titles = (await describeScopes(added)).map(({ title }) => title)
  return <Notice>{t('added', { permissions: titles.join(' · ') })}</Notice>
}
