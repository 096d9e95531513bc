import { getTranslations } from 'next-intl/server'
import { Ask } from '@/app/_components/ask'
import { ConnectSubmit } from '@/app/_components/connect-button'
import { Notice } from '@/app/_components/notice'
import { Page } from '@/app/_components/page'
import { FewerScopes } from '@/app/_components/scope-choices'
import { OtherViewer } from '@/app/i/_components/other-viewer'
import { WaitingItems } from '@/app/i/_components/waiting-items'
import type { Viewer } from '@/lib/auth/gates'
import { type Link, listWaitingItems } from '@/lib/campaigns/links'
import { env } from '@/lib/config/env'
import { getAskText } from '@/lib/texts/asked'
import type { CampaignWords } from '@/lib/texts/text'

type Props = { token: string; link: Link; scopes: string[]; words?: CampaignWords; viewer: Viewer | null }

/** Greets the person, says what is asked and what will be written for them, and has the one button to ORCID. */
export async function AskedLink({ token, link, scopes, words, viewer }: Props) {
  const t = await getTranslations('invitation')
  const { content, version } = await getAskText(scopes, words)
  const name = [link.givenName, link.familyName].filter(Boolean).join(' ')
  const items = scopes.includes('/activities/update') ? await listWaitingItems(link) : []
  const isOther = viewer !== null && viewer.signedIn.actor.researcherId !== link.researcherId
  return (
    <Page>
      <div className="space-y-6">
        {isOther ? (
          <OtherViewer token={token} name={name} viewer={viewer} />
        ) : (
          <div className="space-y-3">
            <h1>
              <bdi>{name ? t('greeting', { name }) : t('greetingWithoutName')}</bdi>
            </h1>
            <p className="text-lg">{t('lead', { institution: env().institution.name })}</p>
          </div>
        )}
        <Ask content={content} isBelow hasChoice={false} />
        <WaitingItems items={items} />
        <form method="post" action="/i/start" className="no-print space-y-4">
          <input type="hidden" name="token" value={token} />
          <input type="hidden" name="systems" value={version} />
          <FewerScopes {...content} />
          <div className="flex flex-wrap items-center gap-x-5 gap-y-3">
            <ConnectSubmit label={t('button')} />
            <p className="note">{content.existing}</p>
          </div>
          <p className="note">{t(`prefilled.${prefilledOf(link)}`)}</p>
        </form>
        <SmallForms token={token} link={link} />
      </div>
    </Page>
  )
}

function prefilledOf({ orcid, email }: Link): 'id' | 'email' | 'name' {
  if (orcid) return 'id'
  return email ? 'email' : 'name'
}

/** To say that one is somebody else, or wants no more mails. */
async function SmallForms({ token, link }: { token: string; link: Link }) {
  const t = await getTranslations('invitation')
  const isOff = link.doNotAsk === 'asked'
  return (
    <div className="no-print space-y-4 border-line border-t pt-4">
      {isOff ? <Notice>{t('doNotAsk.noted')}</Notice> : null}
      <div className="flex flex-wrap gap-x-6 gap-y-3">
        <form method="post" action="/i/not-me">
          <input type="hidden" name="token" value={token} />
          <button type="submit" className="link-button">
            {t('notMe.button')}
          </button>
        </form>
        <form method="post" action="/i/do-not-ask">
          <input type="hidden" name="token" value={token} />
          {isOff ? <input type="hidden" name="again" value="yes" /> : null}
          <button type="submit" className="link-button">
            {t(isOff ? 'doNotAsk.takeBack' : 'doNotAsk.button')}
          </button>
        </form>
        <a href="/privacy/roster" className="inline-flex min-h-6 items-center">
          {t('roster')}
        </a>
      </div>
    </div>
  )
}
