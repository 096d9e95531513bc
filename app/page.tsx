import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Answer } from '@/app/_components/answer'
import { Ask, AskMore, More } from '@/app/_components/ask'
import { ConnectButton } from '@/app/_components/connect-button'
import { Notice } from '@/app/_components/notice'
import { Page } from '@/app/_components/page'
import { When } from '@/app/_components/when'
import { InAppNotice } from '@/app/connect/_components/in-app-notice'
import { findViewer, orUnavailable, type Viewer } from '@/lib/auth/gates'
import { env } from '@/lib/config/env'
import { type Connection, deriveConnection } from '@/lib/grants/grant'
import { listMyGrants } from '@/lib/grants/queries'
import { isRosterUsed } from '@/lib/people/about'
import { getAskText, listAskable } from '@/lib/texts/asked'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('front'))('title') }
}

/** Who asks, for what and why, and the one button. For a connected visitor, how they stand. */
export default async function FrontPage() {
  const viewer = await findViewer()
  const connection = viewer ? await orUnavailable(() => findConnection(viewer)) : null
  return (
    <Page isTight>
      {connection?.state === 'connected' ? (
        <Connected connection={connection} />
      ) : (
        <Pitch viewer={viewer} connection={connection} />
      )}
    </Page>
  )
}

const findConnection = async (viewer: Viewer) => deriveConnection(await listMyGrants(viewer.signedIn.actor))

async function Pitch({ viewer, connection }: { viewer: Viewer | null; connection: Connection | null }) {
  const t = await getTranslations('front')
  const { content, version } = await getAskText(await listAskable())
  const hasChoice = content.permissions.length > 1
  return (
    <div className="space-y-3 sm:space-y-5">
      <InAppNotice />
      {viewer ? <SignedInNote name={viewer.signedIn.name} connection={connection} /> : null}
      <Ask content={content} />
      {env().institution.isReady ? null : <Notice tone="warn">{t('notReady')}</Notice>}
      <div className="no-print flex flex-wrap items-center gap-x-5 gap-y-3">
        <ConnectButton label={t('button')} fields={{ systems: version }} />
        {hasChoice ? (
          <a href="/connect" className="inline-flex min-h-6 items-center">
            {t('giveLess')}
          </a>
        ) : null}
      </div>
      <p className="note">
        {content.existing} {content.allOrNone}
      </p>
      <div>
        <AskMore {...content} />
        <PrivacyAndContact />
      </div>
    </div>
  )
}

/** Whom to ask, and what is known of people who have not connected. */
async function PrivacyAndContact() {
  const t = await getTranslations('front')
  const { supportEmail, privacyUrl } = env().institution
  return (
    <More title={t('contact')}>
      <ul className="list-disc ps-5">
        <li>
          <a href={`mailto:${supportEmail}`} translate="no">
            {supportEmail}
          </a>
        </li>
        {privacyUrl ? (
          <li>
            <a href={privacyUrl}>{t('privacy')}</a>
          </li>
        ) : null}
        {(await isRosterUsed()) ? (
          <li>
            <a href="/privacy/roster">{t('roster')}</a>
          </li>
        ) : null}
      </ul>
    </More>
  )
}

/** How a connected visitor stands and what they can do. The explanation and the button open in place. */
async function Connected({ connection: { firstConnectedAt, expiresAt } }: { connection: Connection }) {
  const t = await getTranslations('front')
  const { content, version } = await getAskText(await listAskable())
  return (
    <div className="space-y-6">
      <div className="space-y-3">
        <h1>{t('connected.title')}</h1>
        <Answer tone="good">
          {firstConnectedAt
            ? t.rich('connected.since', { when: () => <When key="since" at={firstConnectedAt} show="date" /> })
            : null}{' '}
          {expiresAt
            ? t.rich('connected.until', { when: () => <When key="until" at={expiresAt} show="date" /> })
            : null}
        </Answer>
      </div>
      <div className="no-print flex flex-wrap items-center gap-3">
        <a href="/me" className="btn btn-primary">
          {t('seeConnection')}
        </a>
        <a href="/me#permissions" className="btn btn-quiet">
          {t('connected.change')}
        </a>
        <a href="/connect/not-me" className="inline-flex min-h-6 items-center">
          {t('connected.notMe')}
        </a>
      </div>
      <div>
        <More title={t('connected.again')}>
          <div className="space-y-4">
            <Ask content={content} isBelow />
            <ConnectButton label={t('button')} fields={{ systems: version }} quiet />
            <p className="note">
              {content.existing} {content.allOrNone}
            </p>
          </div>
        </More>
        <AskMore {...content} />
        <PrivacyAndContact />
      </div>
    </div>
  )
}

async function SignedInNote({ name, connection }: { name: string | null; connection: Connection | null }) {
  const t = await getTranslations('front')
  const stoppedAt = connection?.state === 'withdrawn' ? connection.withdrewAt : null
  return (
    <Notice>
      {stoppedAt ? (
        t.rich(connection?.liveScopes.length ? 'stoppedSignedIn' : 'stopped', {
          when: () => <When key="stopped" at={stoppedAt} show="date" />,
        })
      ) : (
        <bdi>{name ? t('signedInAs', { name }) : t('signedIn')}</bdi>
      )}{' '}
      <a href="/me">{t('seeConnection')}</a>
    </Notice>
  )
}
