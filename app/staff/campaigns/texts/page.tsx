import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { EmptyState } from '@/app/_components/empty-state'
import { Notice } from '@/app/_components/notice'
import { BackLink } from '@/app/staff/_components/back-link'
import { MakeForm } from '@/app/staff/campaigns/texts/_components/make-form'
import { TemplateList } from '@/app/staff/campaigns/texts/_components/template-list'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { takeSavedFields } from '@/lib/auth/saved-form'
import { getLanguage } from '@/lib/i18n/request'
import { readOne, type SearchParams } from '@/lib/list/search'
import { isBuiltIn } from '@/lib/mail/mail-text'
import { listOwnTexts, listTemplates } from '@/lib/mail/templates'
import { may } from '@/lib/staff/abilities'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.mailTexts'))('title'), robots: { index: false } }
}

const notes = ['removed', 'unnamed', 'gone', 'too-long'] as const

/** Every mail text: those that come with Concord, with the institution's words or without, and its own. */
export default availablePage(async function MailTextsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const actor = await requireStaff('seeCampaigns')
  const t = await getTranslations('staff.mailTexts')
  const params = await searchParams
  const said = readOne(params, 'note')
  const note = notes.find((one) => one === said)
  const mayWrite = may(actor, 'writeMailTexts')
  const [templates, texts] = await Promise.all([listTemplates(await getLanguage()), listOwnTexts()])
  const own = templates.filter(({ key }) => !isBuiltIn(key))
  const kept = readOne(params, 'kept') && mayWrite ? await takeSavedFields('/staff/campaigns/texts/own') : null
  return (
    <div className="space-y-8">
      <div className="space-y-2">
        <BackLink href="/staff/campaigns">{t('back')}</BackLink>
        <h1>{t('title')}</h1>
        <p className="max-w-[65ch] text-ink-soft">{t('lead')}</p>
      </div>
      {note ? <Notice tone={note === 'removed' ? 'good' : 'warn'}>{t(`notes.${note}`)}</Notice> : null}
      <section aria-labelledby="standard" className="space-y-3">
        <h2 id="standard">{t('standard')}</h2>
        <TemplateList label={t('standard')} templates={templates.filter(({ key }) => isBuiltIn(key))} texts={texts} />
      </section>
      <section aria-labelledby="own" className="space-y-3">
        <h2 id="own">{t('own')}</h2>
        {own.length > 0 ? (
          <TemplateList label={t('own')} templates={own} texts={texts} />
        ) : (
          <EmptyState>{t('noOwn')}</EmptyState>
        )}
      </section>
      {mayWrite ? <MakeForm templates={templates} from={readOne(params, 'from')} kept={kept} /> : null}
    </div>
  )
})
