import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { AskedPermissions, AskIntro, AskTerms } from '@/app/_components/ask'
import { ConnectSubmit } from '@/app/_components/connect-button'
import { Page } from '@/app/_components/page'
import { PermissionWords } from '@/app/_components/permission'
import { CurrentPermissions } from '@/app/connect/_components/current-permissions'
import { findViewer } from '@/lib/auth/gates'
import { deriveConnection } from '@/lib/grants/grant'
import { listMyGrants } from '@/lib/grants/queries'
import { describeScopes, getAskText, listAskable } from '@/lib/texts/asked'
import type { AskText } from '@/lib/texts/text'

export async function generateMetadata(): Promise<Metadata> {
  const hasChoice = (await listAskable()).length > 1
  return { title: hasChoice ? (await getTranslations('connect'))('title') : (await getTranslations('front'))('title') }
}

/** The same as the front page, with a choice where there is one. */
export default async function ConnectPage() {
  const [t, tFront] = await Promise.all([getTranslations('connect'), getTranslations('front')])
  const { content } = await getAskText(await listAskable())
  const viewer = await findViewer()
  const grants = viewer ? await listMyGrants(viewer.signedIn.actor) : []
  const now = await describeScopes(deriveConnection(grants).liveScopes)
  return (
    <Page>
      <form method="post" action="/connect/start" className="space-y-6">
        <AskIntro {...content} more={tFront('moreAboutOrcid')} />
        {grants.length > 0 ? <CurrentPermissions permissions={now} /> : null}
        {content.permissions.length > 1 ? <Choices {...content} /> : <AskedPermissions {...content} />}
        <AskTerms {...content} recipientsLabel={tFront('recipients')} />
        <div className="no-print flex flex-wrap items-center gap-x-5 gap-y-3">
          <ConnectSubmit label={grants.length > 0 ? t('again') : tFront('button')} />
          <p className="note">{content.existing}</p>
        </div>
      </form>
    </Page>
  )
}

async function Choices({ decide, permissions }: Pick<AskText, 'decide' | 'permissions'>) {
  const t = await getTranslations('connect')
  return (
    <fieldset className="min-w-0 space-y-3">
      <legend className="font-semibold">{decide}</legend>
      <p className="note">{t('hint')}</p>
      <div className="card card-list">
        {permissions.map((permission) => (
          <ScopeChoice
            key={permission.scope}
            always={permission.scope === 'openid' ? t('always') : null}
            {...permission}
          />
        ))}
      </div>
    </fieldset>
  )
}

type ScopeChoiceProps = {
  scope: string
  title: string
  explanation: string
  reason: string
  /** Said of the one that cannot be left out; null for the others. */
  always: string | null
}

function ScopeChoice({ always, ...permission }: ScopeChoiceProps) {
  const { scope } = permission
  return (
    <label className="flex gap-3 py-3">
      {/* A disabled box is not sent, so a hidden field stands in for it. */}
      {always ? <input type="hidden" name="scope" value={scope} /> : null}
      <input
        type="checkbox"
        name="scope"
        value={scope}
        defaultChecked
        disabled={always !== null}
        className="mt-0.5 size-6 shrink-0"
      />
      <PermissionWords {...permission}>{always ? <span className="note">{always}</span> : null}</PermissionWords>
    </label>
  )
}
