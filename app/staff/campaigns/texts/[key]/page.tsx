import '@/app/staff/campaigns/texts/texts.css'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { BackLink } from '@/app/staff/_components/back-link'
import { RestoredInputNotice } from '@/app/staff/_components/restored-input-notice'
import { languageName, textHref } from '@/app/staff/campaigns/texts/_components/language-name'
import { MailPreview } from '@/app/staff/campaigns/texts/_components/mail-preview'
import { MoreForms } from '@/app/staff/campaigns/texts/_components/more-forms'
import { TestForm } from '@/app/staff/campaigns/texts/_components/test-form'
import { TextForm } from '@/app/staff/campaigns/texts/_components/text-form'
import { TextState } from '@/app/staff/campaigns/texts/_components/text-state'
import { toPreview } from '@/app/staff/campaigns/texts/_components/to-preview'
import { VariableList } from '@/app/staff/campaigns/texts/_components/variable-list'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { readSavedForm, takeSavedFields } from '@/lib/auth/saved-form'
import { env } from '@/lib/config/env'
import { getLanguage } from '@/lib/i18n/request'
import { readOne, type SearchParams } from '@/lib/list/search'
import { isBuiltIn } from '@/lib/mail/mail-text'
import { findOwnText, findTemplate, getMailText } from '@/lib/mail/templates'
import { findTextDraft } from '@/lib/mail/text-drafts'
import { may } from '@/lib/staff/abilities'

type Props = { params: Promise<{ key: string }>; searchParams: Promise<SearchParams> }

const notes = ['saved', 'reset', 'added', 'used'] as const

export async function generateMetadata({ params, searchParams }: Props): Promise<Metadata> {
  const t = await getTranslations('staff.mailTexts')
  const title = (await findTemplate((await params).key, await getLanguage()))?.name ?? t('title')
  const isWrong = readOne(await searchParams, 'wrong') !== null
  return { title: isWrong ? t('edit.errorTitle', { title }) : title, robots: { index: false } }
}

/** A mail text in a language: its words, how the mail looks with them, and what may be done with it. */
export default availablePage(async function MailTextPage({ params, searchParams }: Props) {
  const actor = await requireStaff('seeCampaigns')
  const language = await getLanguage()
  const template = await findTemplate((await params).key, language)
  if (!template) notFound()
  const query = await searchParams
  const { languages } = env().institution
  const asked = readOne(query, 'locale')
  const locale = languages.find((one) => one === asked) ?? language
  const about = { template: template.key, locale }
  const mayWrite = may(actor, 'writeMailTexts')
  const saved = readOne(query, 'kept') && mayWrite ? await takeSavedFields('/staff/campaigns/texts/entry', about) : null
  const [present, own, draft] = await Promise.all([
    getMailText(template.key, locale),
    findOwnText(template.key, locale),
    mayWrite ? findTextDraft(actor, about, readOne(query, 'draft')) : null,
  ])
  const typed = saved
    ? { subject: readSavedForm(saved, 'subject') ?? '', body: readSavedForm(saved, 'body') ?? '' }
    : (draft ?? present)
  // Whoever has been told that the text changed meanwhile replaces the present one.
  const version = draft && !draft.isOutdated ? draft.version : (own?.changedAt.toISOString() ?? '')
  const t = await getTranslations('staff.mailTexts')
  const said = readOne(query, 'note')
  const note = notes.find((one) => one === said)
  return (
    <div className="space-y-6">
      <div className="space-y-2">
        <BackLink href="/staff/campaigns/texts">{t('backToTexts')}</BackLink>
        <h1 className="[overflow-wrap:anywhere]">
          <bdi translate={isBuiltIn(template.key) ? undefined : 'no'}>{template.name}</bdi>
        </h1>
        <p className="max-w-[65ch] text-ink-soft">{t(`purposes.${template.basedOn}`)}</p>
      </div>
      <Languages template={template.key} locale={locale} pageLanguage={language} />
      {note ? <Notice tone={note === 'used' ? 'warn' : 'good'}>{t(`notes.${note}`)}</Notice> : null}
      {saved ? <RestoredInputNotice /> : null}
      <TextState template={template.key} own={own} draft={draft} />
      <div className="grid items-start gap-x-8 gap-y-6 xl:grid-cols-2">
        <div className="min-w-0 space-y-6">
          <TextForm
            about={about}
            version={version}
            typed={typed}
            faults={draft?.faults ?? []}
            isSaving={readOne(query, 'wrong') !== null}
            mayWrite={mayWrite}
          />
          <VariableList basedOn={template.basedOn} />
        </div>
        <MailPreview
          form="text"
          action="/staff/campaigns/texts/preview"
          first={toPreview(locale, typed)}
          words={{
            title: t('preview.title'),
            hint: t('preview.hint'),
            label: t('preview.label'),
            wide: t('preview.wide'),
            narrow: t('preview.narrow'),
            dark: t('preview.dark'),
            plain: t('preview.plain'),
            frame: t('preview.frame'),
            frameDark: t('preview.frameDark'),
          }}
        />
      </div>
      {mayWrite ? (
        <>
          <TestForm about={about} result={readOne(query, 'test')} />
          <MoreForms template={template} locale={locale} hasOwnText={own !== null} />
        </>
      ) : null}
    </div>
  )
})

async function Languages({
  template,
  locale,
  pageLanguage,
}: {
  template: string
  locale: string
  pageLanguage: string
}) {
  const t = await getTranslations('staff.mailTexts')
  return (
    <nav aria-label={t('languages')} className="no-print flex flex-wrap gap-x-4">
      {env().institution.languages.map((one) => (
        <a
          key={one}
          href={textHref(template, one)}
          translate="no"
          aria-current={one === locale ? 'page' : undefined}
          className="inline-flex min-h-8 items-center aria-[current]:font-semibold"
        >
          {languageName(one, pageLanguage)}
        </a>
      ))}
    </nav>
  )
}
