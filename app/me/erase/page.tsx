import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { OnRecordNotice } from '@/app/_components/on-record-notice'
import { Page } from '@/app/_components/page'
import { countMyItemsOnRecord } from '@/lib/affiliations/queries'
import { findViewer, requireResearcher } from '@/lib/auth/gates'
import { env } from '@/lib/config/env'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('erase'))('title'), robots: { index: false } }
}

const goes = ['person', 'grants', 'attempts', 'items'] as const
const stays = ['tombstone', 'events', 'objection', 'record', 'copies'] as const
/** Public API credentials write nothing to records. */
const concerns = (item: string) => env().orcid.api === 'member' || !['items', 'record'].includes(item)

/** The first of two steps: what erasing takes away, what stays, and why. */
export default async function ErasePage() {
  const { actor } = await requireResearcher()
  const viewer = await findViewer()
  const t = await getTranslations('erase')
  const { name, supportEmail } = env().institution
  return (
    <Page>
      <div className="space-y-6">
        <h1>{t('title')}</h1>
        <p>{t('lead', { institution: name })}</p>
        <OnRecordNotice count={await countMyItemsOnRecord(actor)} about="erase" />
        <section aria-labelledby="goes" className="space-y-2">
          <h2 id="goes">{t('goesTitle')}</h2>
          <ul className="card list-disc space-y-1 ps-9">
            {goes.filter(concerns).map((item) => (
              <li key={item}>{t(`goes.${item}`)}</li>
            ))}
          </ul>
          <p>{t('goesOrcid')}</p>
        </section>
        <section aria-labelledby="stays" className="space-y-2">
          <h2 id="stays">{t('staysTitle')}</h2>
          <ul className="list-disc space-y-2 ps-5">
            {stays.filter(concerns).map((item) => (
              <li key={item}>{t(`stays.${item}`, { email: supportEmail })}</li>
            ))}
            {viewer?.staff ? <li>{t('stays.role')}</li> : null}
          </ul>
        </section>
        <p>
          {t.rich('download', {
            link: (words) => (
              <a key="download" href="/me/data" download>
                {words}
              </a>
            ),
          })}
        </p>
        <div className="no-print flex flex-wrap items-center gap-x-6 gap-y-3">
          <form method="get" action="/me/erase/confirm">
            <button type="submit" className="btn btn-quiet">
              {t('goOn')}
            </button>
          </form>
          <a href="/me">{t('back')}</a>
        </div>
      </div>
    </Page>
  )
}
