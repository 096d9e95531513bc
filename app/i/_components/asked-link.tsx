import { getFormatter, getTranslations } from 'next-intl/server'
import { Ask, AskMore } from '@/app/_components/ask'
import { ConnectSubmit } from '@/app/_components/connect-button'
import { Notice } from '@/app/_components/notice'
import { Page } from '@/app/_components/page'
import { FewerScopes } from '@/app/_components/scope-choices'
import { InAppNotice } from '@/app/connect/_components/in-app-notice'
import { OtherViewer } from '@/app/i/_components/other-viewer'
import { SmallForms } from '@/app/i/_components/small-forms'
import { WaitingItems } from '@/app/i/_components/waiting-items'
import type { Viewer } from '@/lib/auth/gates'
import type { AskingCampaign } from '@/lib/campaigns/asking'
import { type Link, listWaitingItems, type toAsked } from '@/lib/campaigns/links'
import { env } from '@/lib/config/env'
import { coversScopes, writeScopes } from '@/lib/orcid/scopes'
import { describeScopes, getAskText, getNextStep, getOffice } from '@/lib/texts/asked'

type Props = {
  token: string
  link: Link
  scopes: ReturnType<typeof toAsked>
  campaign: AskingCampaign | null
  viewer: Viewer | null
}

/** Greets the person, says what is asked and what will be written for them, and has the one button to ORCID. */
export async function AskedLink({ token, link, scopes: { asked, missing, kept }, campaign, viewer }: Props) {
  const t = await getTranslations('invitation')
  const { content, version } = await getAskText(asked, campaign?.words)
  const name = [link.givenName, link.familyName].filter(Boolean).join(' ')
  const items = coversScopes(asked, writeScopes) ? await listWaitingItems(link.personId) : []
  const isOther = viewer !== null && viewer.signedIn.actor.researcherId !== link.researcherId
  return (
    <Page isTight>
      <div className="space-y-4 sm:space-y-5">
        <InAppNotice />
        {isOther ? (
          <OtherViewer token={token} name={name} viewer={viewer} />
        ) : (
          <div className="space-y-3">
            <h1>
              <bdi>{name ? t('greeting', { name }) : t('greetingWithoutName')}</bdi>
            </h1>
            <Lead link={link} isMore={kept.length > 0} />
          </div>
        )}
        {campaign ? <p>{t('partOf', { office: await getOffice(), campaign: campaign.name })}</p> : null}
        {kept.length > 0 && missing.length > 0 ? <NewPermissions scopes={missing} /> : null}
        <Ask content={content} isBelow />
        <WaitingItems items={items} />
        <form method="post" action="/i/start" className="no-print space-y-4">
          <input type="hidden" name="token" value={token} />
          <input type="hidden" name="systems" value={version} />
          <ConnectSubmit label={t('button')} />
          <p className="note">
            {content.existing} {content.allOrNone}
          </p>
          <FewerScopes
            decide={content.decide}
            permissions={content.permissions.filter(({ scope }) => scope === 'openid' || missing.includes(scope))}
          />
          <p className="note">{t(`prefilled.${prefilledOf(link)}`)}</p>
        </form>
        <section aria-labelledby="then" className="space-y-3">
          <h2 id="then">{t('then')}</h2>
          <p>{await getNextStep()}</p>
        </section>
        <AskMore {...content} />
        <SmallForms token={token} link={link} />
      </div>
    </Page>
  )
}

async function Lead({ link: { kind, expiresAt }, isMore }: { link: Link; isMore: boolean }) {
  const t = await getTranslations('invitation')
  const format = await getFormatter()
  const institution = env().institution.name
  const isExpiring = kind === 'expiring' && isMore && expiresAt !== null
  return (
    <p className="text-lg">
      {isExpiring
        ? t('leadExpiring', { institution, day: format.dateTime(expiresAt, { dateStyle: 'long' }) })
        : t(isMore ? 'leadMissing' : 'lead', { institution })}
    </p>
  )
}

/** Which of the permissions below are new to somebody who is connected. */
async function NewPermissions({ scopes }: { scopes: readonly string[] }) {
  const t = await getTranslations('invitation')
  const titles = (await describeScopes(scopes)).map(({ title }) => title)
  return <Notice>{t('new', { permissions: titles.join(' · ') })}</Notice>
}

function prefilledOf({ orcid, email }: Link): 'id' | 'email' | 'name' {
  if (orcid) return 'id'
  return email ? 'email' : 'name'
}
