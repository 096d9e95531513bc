import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Answer } from '@/app/_components/answer'
import { More } from '@/app/_components/ask'
import { ConfirmCheckbox } from '@/app/_components/confirm-checkbox'
import { Notice } from '@/app/_components/notice'
import { Page } from '@/app/_components/page'
import { SystemCard } from '@/app/me/systems/_components/system-card'
import { availablePage, requireResearcher, writeAfterVisit } from '@/lib/auth/gates'
import { findMyDelegations } from '@/lib/delegations/queries'
import { getLanguage } from '@/lib/i18n/request'
import { readOne, type SearchParams } from '@/lib/list/search'
import { listMySystems } from '@/lib/systems/mine'
import { tellOnPage } from '@/lib/systems/telling'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('me.systems'))('title'), robots: { index: false } }
}

const notes = ['paused', 'stopped', 'all', 'allowed'] as const

/** A card for each system that uses, or wants to use, what the researcher allows. */
export default availablePage(async function MySystemsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { actor } = await requireResearcher()
  const t = await getTranslations('me.systems')
  await writeAfterVisit(() => tellOnPage(actor))
  const systems = await listMySystems(actor, await getLanguage())
  const delegations = await Promise.all(
    systems.map(async ({ rights, systemId }) => {
      const mine = await findMyDelegations(actor, systemId)
      return rights.includes('token:delegate') || mine.count > 0 ? mine : null
    }),
  )
  const said = readOne(await searchParams, 'note')
  const note = notes.find((one) => one === said)
  const using = systems.filter(({ covered, stop }) => covered.length > 0 && !stop)
  return (
    <Page width="medium">
      <div className="space-y-6">
        <div className="space-y-3">
          <h1>{t('title')}</h1>
          <Answer tone="plain">
            {t('answer', { count: using.length })}{' '}
            {systems.length > 0 ? <span className="block text-base text-ink-soft">{t('lead')}</span> : null}
          </Answer>
        </div>
        {note ? <Notice tone="good">{t(`notes.${note}`)}</Notice> : null}
        <ul className="space-y-4">
          {systems.map((system, index) => (
            <SystemCard key={system.systemId} system={system} delegations={delegations[index] ?? null} />
          ))}
        </ul>
        {systems.some(({ stop }) => stop?.kind !== 'stopped') ? (
          <div className="no-print">
            <More title={t('stopAll')}>
              <form method="post" action="/me/systems/stop" className="space-y-3">
                <input type="hidden" name="system" value="all" />
                <input type="hidden" name="kind" value="stopped" />
                <p className="max-w-[65ch]">
                  {t('stopAllLead')} {delegations.some((each) => each?.count) ? t('stopAllDelegated') : null}
                </p>
                <ConfirmCheckbox>{t('stopAllSure')}</ConfirmCheckbox>
                <button type="submit" className="btn btn-danger">
                  {t('stopAll')}
                </button>
              </form>
            </More>
          </div>
        ) : null}
        <p className="no-print">
          <a href="/me">{t('back')}</a>
        </p>
      </div>
    </Page>
  )
})
