import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { Page } from '@/app/_components/page'
import { availablePage } from '@/lib/auth/gates'
import { isNotToBeAsked } from '@/lib/campaigns/stop-asking'
import { env } from '@/lib/config/env'
import type { SearchParams } from '@/lib/list/search'
import { findUnsubscribed, type UnsubscribeLink, unsubscribeLink } from '@/lib/mail/unsubscribing'
import { isRosterUsed } from '@/lib/people/about'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('unsubscribe'))('title'), robots: { index: false } }
}

/** Where the link to stop mail leads. Showing it changes nothing. */
export default availablePage(async function UnsubscribePage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const t = await getTranslations('unsubscribe')
  const link = unsubscribeLink.safeParse(await searchParams)
  const state = link.success ? await findState(link.data) : 'unknown'
  const { name, supportEmail } = env().institution
  const mail = () => (
    <a key="mail" href={`mailto:${supportEmail}`}>
      {supportEmail}
    </a>
  )
  return (
    <Page>
      <div className="space-y-6">
        <h1>{t(state === 'unknown' ? 'unknown.title' : 'title')}</h1>
        {state === 'unknown' || state === 'test' ? (
          <>
            <p>{t(`${state}.means`)}</p>
            <p>{t.rich('unknown.next', { mail })}</p>
          </>
        ) : (
          <>
            {state === 'open' ? (
              <p>{t('open', { institution: name })}</p>
            ) : (
              <Notice tone="good">
                <p className="font-semibold">{t(`${state}.done`)}</p>
                <p>{t(`${state}.means`)}</p>
              </Notice>
            )}
            {link.success ? <Choices link={link.data} state={state} /> : null}
            <p className="note">
              {t(state === 'open' ? 'invitation' : 'stays')} {t.rich('questions', { mail })}
            </p>
          </>
        )}
        {(await isRosterUsed()) ? (
          <p className="note">
            <a href="/privacy/roster">{t('roster')}</a>
          </p>
        ) : null}
      </div>
    </Page>
  )
})

type State = 'unknown' | 'test' | 'open' | 'stopped' | 'never'

async function findState(link: UnsubscribeLink): Promise<State> {
  const state = await findUnsubscribed(link)
  return (state === 'open' || state === 'stopped') && (await isNotToBeAsked(link)) ? 'never' : state
}

async function Choices({ link, state }: { link: UnsubscribeLink; state: State }) {
  const t = await getTranslations('unsubscribe')
  const choices = state === 'open' ? (['mail', 'asking'] as const) : state === 'stopped' ? (['asking'] as const) : []
  return choices.map((choice) => (
    <form key={choice} method="post" action="/unsubscribe/choice" className="space-y-2">
      <input type="hidden" name="m" value={link.m} />
      <input type="hidden" name="s" value={link.s} />
      <input type="hidden" name="choice" value={choice} />
      <button type="submit" className={`btn ${choice === 'mail' ? 'btn-primary' : 'btn-quiet'}`}>
        {t(`${choice}.button`)}
      </button>
      <p className="note">{t(`${choice}.hint`)}</p>
    </form>
  ))
}
