import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { EmptyState } from '@/app/_components/empty-state'
import { OnRecordNotice } from '@/app/_components/on-record-notice'
import { Page } from '@/app/_components/page'
import { countMyItemsOnRecord } from '@/lib/affiliations/queries'
import { availablePage, requireResearcher } from '@/lib/auth/gates'
import { env } from '@/lib/config/env'
import { deriveConnection } from '@/lib/grants/grant'
import { findMyKeptUntil } from '@/lib/grants/kept-tokens'
import { listMyGrants } from '@/lib/grants/queries'
import { describeScopes } from '@/lib/texts/asked'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('withdraw'))('title'), robots: { index: false } }
}

/** What withdrawing stops and what stays, before it is done. */
export default availablePage(async function WithdrawPage() {
  const { actor } = await requireResearcher()
  const t = await getTranslations('withdraw')
  const keptUntil = await findMyKeptUntil(actor)
  const permissions = await describeScopes(deriveConnection(await listMyGrants(actor)).liveScopes)
  return (
    <Page>
      <div className="space-y-6">
        <h1>{t('title')}</h1>
        {permissions.length > 0 ? (
          <Consequences titles={permissions.map(({ title }) => title)} />
        ) : (
          <EmptyState>{t(keptUntil ? 'kept' : 'nothing')}</EmptyState>
        )}
        <OnRecordNotice count={await countMyItemsOnRecord(actor)} about="withdraw" />
        <div className="no-print flex flex-wrap items-center gap-x-6 gap-y-3">
          {permissions.length > 0 || keptUntil ? (
            <form method="post" action="/me/withdrawal">
              <button type="submit" className="btn btn-danger">
                {t('button')}
              </button>
            </form>
          ) : null}
          <a href="/me">{t('back')}</a>
        </div>
      </div>
    </Page>
  )
})

async function Consequences({ titles }: { titles: string[] }) {
  const t = await getTranslations('withdraw')
  return (
    <>
      <section aria-labelledby="stops" className="space-y-2">
        <h2 id="stops">{t('stops')}</h2>
        <p>{t('stopsNow', { institution: env().institution.name })}</p>
        <ul className="card list-disc space-y-1 ps-9">
          {titles.map((title) => (
            <li key={title}>{title}</li>
          ))}
        </ul>
        <p>{t('stopsOrcid')}</p>
        <p>{t('stopsId')}</p>
      </section>
      <section aria-labelledby="stays" className="space-y-2">
        <h2 id="stays">{t('stays')}</h2>
        <ul className="list-disc space-y-1 ps-5">
          {env().orcid.api === 'member' ? <li>{t('staysRecord')}</li> : null}
          <li>{t('staysHistory')}</li>
          <li>{t('staysAgain')}</li>
        </ul>
      </section>
    </>
  )
}
