import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Period } from '@/app/_components/affiliation'
import { Answer } from '@/app/_components/answer'
import { Notice } from '@/app/_components/notice'
import { Page } from '@/app/_components/page'
import { When } from '@/app/_components/when'
import { AllowWriting } from '@/app/me/_components/my-waiting'
import { availablePage, requireResearcher } from '@/lib/auth/gates'
import { readOne, type SearchParams } from '@/lib/list/search'
import { coversScopes, writeScopes } from '@/lib/orcid/scopes'
import { findMyResearcher } from '@/lib/researchers/queries'
import { getOffice } from '@/lib/texts/asked'
import {
  findMyWorksPreference,
  listMyWaitingWorks,
  type WaitingWork,
  type WorksPreference,
  worksPreferences,
} from '@/lib/works/answers'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('me.works'))('title'), robots: { index: false } }
}

const notes = ['add', 'refuse', 'saved'] as const

/** Works that wait for the researcher's word, and whether systems must ask. */
export default availablePage(async function MyWorksPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { actor } = await requireResearcher()
  const t = await getTranslations('me.works')
  const [works, preference, researcher] = await Promise.all([
    listMyWaitingWorks(actor),
    findMyWorksPreference(actor),
    findMyResearcher(actor),
  ])
  const liveScopes = researcher?.liveScopes ?? []
  const said = readOne(await searchParams, 'note')
  const note = notes.find((one) => one === said)
  return (
    <Page width="medium">
      <div className="space-y-6">
        <div className="space-y-3">
          <h1 id="title">{t('title')}</h1>
          <Answer tone={works.length > 0 ? 'needs' : 'good'}>
            {works.length > 0 ? t('wait', { count: works.length }) : t('none')}
          </Answer>
        </div>
        {note ? <Notice tone="good">{t(`notes.${note}`)}</Notice> : null}
        {works.length > 0 && !coversScopes(liveScopes, writeScopes) ? (
          <Notice>
            <p>{t('needsPermission')}</p>
            <AllowWriting liveScopes={liveScopes} />
          </Notice>
        ) : null}
        <section aria-labelledby="title" className="space-y-3">
          {works.length > 0 ? <p>{t('means')}</p> : null}
          {works.length > 1 ? (
            <form method="post" action="/me/works/answer" className="no-print">
              <input type="hidden" name="work" value="all" />
              <button type="submit" name="answer" value="add" className="btn btn-primary">
                {t('addAll')}
              </button>
            </form>
          ) : null}
          {works.length > 0 ? (
            <ul className="card card-list">
              {works.map((work) => (
                <Waiting key={work.id} waiting={work} isAlone={works.length === 1} />
              ))}
            </ul>
          ) : null}
        </section>
        <Preference chosen={preference} />
        <p className="no-print">
          <a href="/me">{t('back')}</a>
        </p>
      </div>
    </Page>
  )
})

type WaitingProps = { waiting: WaitingWork; isAlone: boolean }

async function Waiting({ waiting: { id, addedAt, systemName, work }, isAlone }: WaitingProps) {
  const t = await getTranslations('me.works')
  const ofItem = await getTranslations('affiliation')
  const from = systemName ?? (await getOffice())
  return (
    <li className="space-y-1 py-3">
      <span className="block font-medium [overflow-wrap:anywhere]">
        {work.title}
        {work.subtitle ? `: ${work.subtitle}` : ''}
      </span>
      <span className="note block [overflow-wrap:anywhere]">
        {ofItem(`workTypes.${work.type}`)}
        {work.journalTitle ? ` · ${work.journalTitle}` : ''}
        {work.publishedOn ? ' · ' : ''}
        <Period kind="work" startOn={work.publishedOn} endOn={null} />
        {` · ${work.externalId.type}: ${work.externalId.value}`}
      </span>
      {work.contributors.length > 0 ? (
        <span className="note block [overflow-wrap:anywhere]">
          {work.contributors.map(({ name }) => name).join(', ')}
        </span>
      ) : null}
      <span className="note block">
        {t.rich('from', { from, when: () => <When key="when" at={addedAt} show="time" /> })}
      </span>
      <form method="post" action="/me/works/answer" className="no-print flex flex-wrap gap-3 pt-1">
        <input type="hidden" name="work" value={id} />
        <button type="submit" name="answer" value="add" className={`btn ${isAlone ? 'btn-primary' : 'btn-quiet'}`}>
          {t('add')}
          <span className="sr-only"> {work.title}</span>
        </button>
        <button type="submit" name="answer" value="refuse" className="btn btn-quiet">
          {t('refuse')}
          <span className="sr-only"> {work.title}</span>
        </button>
      </form>
    </li>
  )
}

async function Preference({ chosen }: { chosen: WorksPreference }) {
  const t = await getTranslations('me.works')
  return (
    <form method="post" action="/me/works/preference" className="no-print space-y-3">
      <fieldset className="space-y-2">
        <legend className="font-semibold">{t('preference')}</legend>
        {worksPreferences.map((preference) => (
          <label key={preference} className="flex min-h-6 items-start gap-3">
            <input
              type="radio"
              name="preference"
              value={preference}
              defaultChecked={preference === chosen}
              className="mt-0.5 size-5 shrink-0"
            />
            <span>
              {t(`preferences.${preference}.label`)}
              <span className="note block">{t(`preferences.${preference}.means`)}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <p className="note">{t('files')}</p>
      <button type="submit" className="btn btn-quiet">
        {t('save')}
      </button>
    </form>
  )
}
