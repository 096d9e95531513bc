import { getTranslations } from 'next-intl/server'
import { Ask, AskMore } from '@/app/_components/ask'
import { ConnectSubmit } from '@/app/_components/connect-button'
import { GivenUp } from '@/app/me/narrow/_components/confirm-narrowing'
import type { ResearcherActor } from '@/lib/actor'
import { listReasonsRead } from '@/lib/attempts/queries'
import { env } from '@/lib/config/env'
import { getLanguage } from '@/lib/i18n/request'
import { type DescribedScope, getAskText } from '@/lib/texts/asked'
import { reasonsAsWords } from '@/lib/texts/text'

type Props = { actor: ResearcherActor; kept: DescribedScope[]; givenUp: DescribedScope[] }

/** What is given up, and the text for what is kept, with the button that leads to ORCID. */
export async function NarrowAtOrcid({ actor, kept, givenUp }: Props) {
  const t = await getTranslations('narrow')
  const scopes = ['openid', ...kept.map(({ scope }) => scope)]
  const reasons = await listReasonsRead(actor, await getLanguage())
  const { content, version } = await getAskText(scopes, reasonsAsWords(reasons))
  return (
    <>
      <GivenUp of={givenUp}>{t('stopsAtOrcid', { institution: env().institution.name })}</GivenUp>
      <section aria-labelledby="kept" className="space-y-3">
        <h2 id="kept">{t('kept')}</h2>
        <p>{t('asksAgain')}</p>
        <div className="card">
          <Ask content={content} isBelow />
        </div>
      </section>
      <div className="no-print flex flex-wrap items-center gap-x-6 gap-y-3">
        <form method="post" action="/connect/start">
          <input type="hidden" name="purpose" value="narrow" />
          <input type="hidden" name="systems" value={version} />
          {scopes.map((scope) => (
            <input key={scope} type="hidden" name="scope" value={scope} />
          ))}
          <ConnectSubmit label={t('goToOrcid')} />
        </form>
        <a href="/me/narrow">{t('chooseAgain')}</a>
        <p className="note">
          {content.existing} {content.allOrNone}
        </p>
      </div>
      <AskMore {...content} />
    </>
  )
}
