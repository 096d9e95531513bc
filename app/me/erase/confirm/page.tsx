import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { ConfirmCheckbox } from '@/app/_components/confirm-checkbox'
import { OrcidId } from '@/app/_components/orcid-id'
import { Page } from '@/app/_components/page'
import { requireResearcher } from '@/lib/auth/gates'
import { env } from '@/lib/config/env'
import { countMyLiveGrants } from '@/lib/grants/queries'
import { orcidUri } from '@/lib/orcid/id'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('erase'))('confirmTitle'), robots: { index: false } }
}

/** The second of two steps: whose data, that it is final, and the button. */
export default async function ConfirmErasurePage() {
  const { actor, name } = await requireResearcher()
  const live = await countMyLiveGrants(actor)
  const t = await getTranslations('erase')
  return (
    <Page>
      <div className="space-y-6">
        <h1>{t('confirmTitle')}</h1>
        <div className="card space-y-1">
          {name ? (
            <p className="font-semibold">
              <bdi translate="no">{name}</bdi>
            </p>
          ) : null}
          <OrcidId uri={orcidUri(actor.orcid, env().orcid.registry)} name={name} authenticated={live > 0} />
        </div>
        <p>{t('confirmFinal')}</p>
        <form method="post" action="/me/erasure" className="space-y-5">
          <ConfirmCheckbox>{t('sure')}</ConfirmCheckbox>
          <div className="flex flex-wrap items-center gap-x-6 gap-y-3">
            <button type="submit" className="btn btn-danger">
              {t('button')}
            </button>
            <a href="/me">{t('back')}</a>
          </div>
        </form>
      </div>
    </Page>
  )
}
