import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Fold } from '@/app/_components/fold'
import { Notice } from '@/app/_components/notice'
import { RestoredInputNotice } from '@/app/staff/_components/restored-input-notice'
import { getLanguageWords } from '@/app/staff/campaigns/_components/campaign-words'
import { ChangeList } from '@/app/staff/settings/_components/change-list'
import { settingsHref } from '@/app/staff/settings/_components/href'
import { LogoForms } from '@/app/staff/settings/_components/logo-forms'
import { readSettingsPage } from '@/app/staff/settings/_components/read-page'
import { SettingsForm } from '@/app/staff/settings/_components/settings-form'
import { LanguageNav, SectionNav } from '@/app/staff/settings/_components/settings-nav'
import { SettingsPreview } from '@/app/staff/settings/_components/settings-preview'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { readSavedForm, takeSavedFields } from '@/lib/auth/saved-form'
import { env } from '@/lib/config/env'
import { settings } from '@/lib/config/settings'
import { readOne, type SearchParams } from '@/lib/list/search'
import { findDraftPage, findSettingsDraft } from '@/lib/settings/drafts'
import { followS, listSettingChanges, refreshSettings } from '@/lib/settings/queries'
import { logoVariables } from '@/lib/settings/setting'
import { toTyped } from '@/lib/settings/typed'

type Props = { searchParams: Promise<SearchParams> }

const notes = { saved: 'good', same: 'info', too_large: 'warn' } as const
const noteNames = Object.keys(notes) as (keyof typeof notes)[]
const changesShown = 20

export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  const t = await getTranslations('staff.settings')
  const isWrong = readOne(await searchParams, 'wrong') !== null
  return { title: isWrong ? t('errorTitle') : t('title'), robots: { index: false } }
}

/** What administrators set without a restart, one page a kind, with how the front page looks with it. */
export default availablePage(async function SettingsPage({ searchParams }: Props) {
  const actor = await requireStaff('changeSettings')
  await refreshSettings()
  const t = await getTranslations('staff.settings')
  const query = await searchParams
  const page = readSettingsPage({ section: readOne(query, 'section'), locale: readOne(query, 'locale') })
  const { section, locale, keys } = page
  const saved = readOne(query, 'kept') ? await takeSavedFields('/staff/settings/entry', { section }) : null
  const draftId = readOne(query, 'draft')
  const draft = await findSettingsDraft(actor, { section, locale }, draftId)
  const elsewhere = draft ? null : await findDraftPage(actor, draftId)
  const carried = draft || elsewhere ? draftId : null
  const { values, version } = settings()
  const present = toTyped(keys, values, env().institution.languages)
  const keptFields = saved && Object.keys(saved).map((name) => [name, readSavedForm(saved, name) ?? ''])
  const typed = keptFields ? Object.fromEntries(keptFields) : (draft?.typed ?? present)
  const shownKeys = section === 'identity' ? [...keys, ...logoVariables] : keys
  const [changes, meanwhile] = await Promise.all([
    listSettingChanges(actor, { keys: shownKeys, most: changesShown }),
    draft?.isOutdated ? listSettingChanges(actor, { keys, since: draft.version, most: changesShown }) : [],
  ])
  const said = readOne(query, 'note')
  const note = noteNames.find((one) => one === said)
  return (
    <div className="space-y-6">
      <div className="space-y-2">
        <h1>{t('title')}</h1>
        <p className="max-w-[65ch] text-ink-soft">{t('lead', { seconds: String(followS) })}</p>
      </div>
      {env().institution.isReady ? null : <Notice tone="warn">{t('notReady')}</Notice>}
      <SectionNav current={section} draft={carried} />
      {section === 'texts' ? <LanguageNav current={locale} draft={carried} /> : null}
      {note ? (
        <Notice tone={notes[note]}>
          {t(`notes.${note}`)}{' '}
          {note === 'saved' ? <a href="/staff/audit?action=settings.changed">{t('changes.all')}</a> : null}
        </Notice>
      ) : null}
      {elsewhere ? (
        <Notice tone="warn">
          {t('draftElsewhere', { section: await sayPage(elsewhere) })}{' '}
          <a href={settingsHref(elsewhere.section, elsewhere.locale, carried)}>{t('backToDraft')}</a>
        </Notice>
      ) : null}
      {saved ? <RestoredInputNotice /> : null}
      {draft?.isOutdated ? (
        <div id="changed" className="scroll-mt-16 space-y-3">
          <Notice tone="warn">{t('outdated')}</Notice>
          <ChangeList changes={meanwhile} />
        </div>
      ) : draft && draft.faults.length === 0 ? (
        <Notice>{t('draft')}</Notice>
      ) : null}
      <div className="grid items-start gap-x-10 gap-y-8 xl:grid-cols-2">
        <div className="min-w-0 max-w-[44rem] space-y-8">
          <SettingsForm
            page={page}
            // Whoever has been told what changed meanwhile replaces that.
            version={draft && !draft.isOutdated ? draft.version : version}
            typed={typed}
            faults={draft?.faults ?? []}
          />
          {section === 'identity' ? <LogoForms fault={readOne(query, 'logo')} /> : null}
        </div>
        {section === 'identity' || section === 'texts' ? <SettingsPreview page={page} typed={typed} /> : null}
      </div>
      {changes.length > 0 ? (
        <Fold id="changes" title={t('changes.title')}>
          <ChangeList changes={changes} />
          <a href="/staff/audit?action=settings.changed" className="inline-flex min-h-8 items-center">
            {t('changes.all')}
          </a>
        </Fold>
      ) : null}
    </div>
  )
})

async function sayPage({ section, locale }: NonNullable<Awaited<ReturnType<typeof findDraftPage>>>): Promise<string> {
  const t = await getTranslations('staff.settings')
  const name = t(`sections.${section}`)
  return section === 'texts' ? t('inLanguage', { name, language: (await getLanguageWords())(locale) }) : name
}
