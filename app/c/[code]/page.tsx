import type { Metadata } from 'next'
import { getFormatter, getTranslations } from 'next-intl/server'
import { Ask, AskMore } from '@/app/_components/ask'
import { ConnectSubmit } from '@/app/_components/connect-button'
import { Notice } from '@/app/_components/notice'
import { OutcomePage } from '@/app/_components/outcome'
import { Page } from '@/app/_components/page'
import { FewerScopes } from '@/app/_components/scope-choices'
import { InAppNotice } from '@/app/connect/_components/in-app-notice'
import { availablePage, findViewer } from '@/lib/auth/gates'
import { type AskingCampaign, findAskingCampaign } from '@/lib/campaigns/asking'
import { env } from '@/lib/config/env'
import { decodeSegment } from '@/lib/http/own-path'
import { getLanguage } from '@/lib/i18n/request'
import { isRosterUsed } from '@/lib/people/about'
import { getAskText } from '@/lib/texts/asked'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('front'))('title'), robots: { index: false } }
}

type Props = { params: Promise<{ code: string }>; searchParams: Promise<{ desk?: string | string[] }> }

/** The public link of a campaign: the front page in its words. With `?desk` for a computer that many people use. */
export default availablePage(async function CampaignPage({ params, searchParams }: Props) {
  const code = decodeSegment((await params).code).slice(0, 100)
  const isDesk = (await searchParams).desk !== undefined
  const campaign = await findAskingCampaign({ code }, await getLanguage())
  return campaign?.state === 'open' ? (
    <OpenCampaign campaign={campaign} isDesk={isDesk} />
  ) : (
    <NotOpen state={campaign?.state ?? 'unknown'} />
  )
})

async function OpenCampaign({ campaign, isDesk }: { campaign: AskingCampaign; isDesk: boolean }) {
  const [t, front, format] = await Promise.all([getTranslations('campaign'), getTranslations('front'), getFormatter()])
  const { content, version } = await getAskText(campaign.scopes, campaign.words)
  const viewer = await findViewer()
  const { code, endsOn } = campaign
  return (
    <Page isTight>
      <div className="space-y-3 sm:space-y-5">
        <InAppNotice />
        {isDesk ? <Notice>{t('desk.notice')}</Notice> : null}
        {viewer && !isDesk ? (
          <Notice>
            {front('signedIn')} <a href="/me">{front('seeConnection')}</a>
          </Notice>
        ) : null}
        <Ask content={content} />
        {endsOn ? (
          <p>{t('until', { day: format.dateTime(new Date(endsOn), { dateStyle: 'long', timeZone: 'UTC' }) })}</p>
        ) : null}
        <form method="post" action="/c/start" className="no-print space-y-4">
          <input type="hidden" name="code" value={code} />
          <input type="hidden" name="systems" value={version} />
          {isDesk ? <input type="hidden" name="desk" value="yes" /> : null}
          <ConnectSubmit label={front('button')} />
          <FewerScopes {...content} />
        </form>
        <p className="note">
          {content.existing} {content.allOrNone}
        </p>
        <AskMore {...content} />
        <p className="note flex flex-wrap gap-x-6 gap-y-1">
          <a href={isDesk ? `/c/${code}` : `/c/${code}?desk=yes`} className="no-print">
            {t(isDesk ? 'desk.off' : 'desk.on')}
          </a>
          {(await isRosterUsed()) ? <a href="/privacy/roster">{front('roster')}</a> : null}
        </p>
      </div>
    </Page>
  )
}

async function NotOpen({ state }: { state: 'soon' | 'paused' | 'over' | 'unknown' | 'open' }) {
  const t = await getTranslations('campaign')
  const key = state === 'open' ? 'unknown' : state
  return (
    <OutcomePage
      tone="plain"
      title={t(`${key}.title`)}
      kept={t(`${key}.kept`)}
      next={t('next')}
      actions={[{ label: t('front'), href: '/', look: 'primary' }]}
      supportEmail={env().institution.supportEmail}
    />
  )
}
