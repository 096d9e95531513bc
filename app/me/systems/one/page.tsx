import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { Page } from '@/app/_components/page'
import { availablePage, requireResearcher } from '@/lib/auth/gates'
import { env } from '@/lib/config/env'
import { findMyDelegations } from '@/lib/delegations/queries'
import { getLanguage } from '@/lib/i18n/request'
import { readOne, type SearchParams } from '@/lib/list/search'
import { listMySystems } from '@/lib/systems/mine'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('me.systems.one'))('heading'), robots: { index: false } }
}

/** Before a system is stopped that can ask ORCID by itself: what a stop cannot do, and what can. */
export default availablePage(async function StopOnePage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { actor } = await requireResearcher()
  const asked = readOne(await searchParams, 'system')
  const system = (await listMySystems(actor, await getLanguage())).find(({ systemId }) => systemId === asked)
  if (!system) redirect('/me/systems')
  const t = await getTranslations('me.systems.one')
  const { count } = await findMyDelegations(actor, system.systemId)
  const { systemId, contact } = system
  const name = system.processorName ?? system.name
  const institution = env().institution.name
  return (
    <Page>
      <div className="space-y-6">
        <h1>{t('title', { name: system.name })}</h1>
        <p className="font-medium">{t('cannot', { name, institution })}</p>
        <section aria-labelledby="no-more" className="card space-y-3">
          <h2 id="no-more">{t('noMore')}</h2>
          <p>{t('noMoreText', { name, count })}</p>
          <form method="post" action="/me/systems/stop">
            <input type="hidden" name="system" value={systemId} />
            <input type="hidden" name="kind" value="stopped" />
            <button type="submit" className="btn btn-quiet">
              {t('noMoreButton', { name })}
            </button>
          </form>
        </section>
        <section aria-labelledby="all" className="card space-y-3">
          <h2 id="all">{t('all')}</h2>
          <p>{t('allText', { name, institution })}</p>
          <p>{t('again', { name, contact })}</p>
          <p>
            <a href="/me/withdraw" className="btn btn-quiet">
              {t('allButton')}
            </a>
          </p>
        </section>
        <p className="no-print">
          <a href="/me/systems">{t('back')}</a>
        </p>
      </div>
    </Page>
  )
})
