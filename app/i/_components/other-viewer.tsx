import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { OrcidId } from '@/app/_components/orcid-id'
import type { Viewer } from '@/lib/auth/gates'
import { env } from '@/lib/config/env'
import { orcidUri } from '@/lib/orcid/id'

type Props = { token: string; name: string; viewer: Viewer }

/** Somebody is signed in whom nobody knows to be the person of the link. */
export async function OtherViewer({ token, name, viewer }: Props) {
  const t = await getTranslations('invitation.other')
  const { actor, name: signedInAs } = viewer.signedIn
  return (
    <>
      <h1>
        <bdi>{t('whose', { name: name || t('somebody') })}</bdi>
      </h1>
      <Notice tone="warn">
        <p>{t('signedIn')}</p>
        <OrcidId uri={orcidUri(actor.orcid, env().orcid.registry)} name={signedInAs} authenticated />
        <p className="mt-2">{t('choice')}</p>
        <form method="post" action="/i/start" className="no-print mt-2 flex flex-wrap items-center gap-x-5 gap-y-2">
          <input type="hidden" name="token" value={token} />
          <button type="submit" name="fresh" value="yes" className="btn btn-quiet">
            {t('another')}
          </button>
          <a href="/me">{t('mine')}</a>
        </form>
      </Notice>
    </>
  )
}
