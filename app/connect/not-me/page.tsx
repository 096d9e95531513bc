import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { ConfirmCheckbox } from '@/app/_components/confirm-checkbox'
import { OnRecordNotice } from '@/app/_components/on-record-notice'
import { Page } from '@/app/_components/page'
import { When } from '@/app/_components/when'
import { Who } from '@/app/connect/_components/attempt-outcome'
import { countMyItemsOnRecord } from '@/lib/affiliations/queries'
import { availablePage, requireResearcher } from '@/lib/auth/gates'
import { describeMyVisit } from '@/lib/grants/queries'
import { describeScopes } from '@/lib/texts/asked'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('notMe'))('title'), robots: { index: false } }
}

/** Who is connected, what this visit changed, and how to start again with another ORCID account. */
export default availablePage(async function NotMePage() {
  const { actor, name, attemptId } = await requireResearcher()
  const t = await getTranslations('notMe')
  const { undo, beforeSince, added, takenBack, ends } = await describeMyVisit(actor, attemptId)
  const isUndone = undo === 'visit'
  return (
    <Page>
      <div className="space-y-6">
        <div className="space-y-3">
          <h1>{t('title')}</h1>
          <p className="text-lg">{t('lead')}</p>
        </div>
        <Who orcid={actor.orcid} name={name} label={t('now')} />
        <section aria-labelledby="changed" className="space-y-3">
          <h2 id="changed">{t('changed')}</h2>
          {beforeSince ? (
            <p>{t.rich('since', { when: () => <When key="since" at={beforeSince} show="date" /> })}</p>
          ) : null}
          <ScopeList lead={t('added')} scopes={added} />
          <ScopeList lead={t('takenBack')} scopes={takenBack} />
          {added.length + takenBack.length === 0 ? <p>{t('nothing')}</p> : null}
        </section>
        <section aria-labelledby="another" className="space-y-3">
          <h2 id="another">{t('another')}</h2>
          <p>{t(isUndone ? 'undone' : 'stays')}</p>
          {isUndone && beforeSince ? <p>{t('earlierStays')}</p> : null}
          <StartAgain undo={isUndone ? 'visit' : null}>
            <button type="submit" className="btn btn-primary">
              {t(isUndone ? 'undoButton' : 'button')}
            </button>
          </StartAgain>
        </section>
        {undo === 'permission' ? (
          <section aria-labelledby="undo" className="space-y-3 border-line border-t pt-6">
            <h2 id="undo">{t('whole')}</h2>
            <p>{t('wholeLead')}</p>
            <ScopeList lead={t('ends')} scopes={ends} />
            <OnRecordNotice count={await countMyItemsOnRecord(actor)} about="withdraw" />
            <StartAgain undo="permission">
              <ConfirmCheckbox>{t('sure')}</ConfirmCheckbox>
              <button type="submit" className="btn btn-danger">
                {t('wholeButton')}
              </button>
            </StartAgain>
          </section>
        ) : null}
        <p className="no-print">
          <a href="/me">{t('back')}</a>
        </p>
      </div>
    </Page>
  )
})

/** Signs out and goes to ORCID. `undo` is what the person agrees to have undone. */
function StartAgain({ undo, children }: { undo: 'visit' | 'permission' | null; children: ReactNode }) {
  return (
    <form method="post" action="/connect/not-me/start" className="no-print space-y-4">
      {undo ? <input type="hidden" name="undo" value={undo} /> : null}
      {children}
    </form>
  )
}

async function ScopeList({ lead, scopes }: { lead: string; scopes: string[] }) {
  if (scopes.length === 0) return null
  return (
    <>
      <p>{lead}</p>
      <ul className="card list-disc space-y-1 ps-9">
        {(await describeScopes(scopes)).map(({ scope, title }) => (
          <li key={scope}>{title}</li>
        ))}
      </ul>
    </>
  )
}
