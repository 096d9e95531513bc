import { getTranslations } from 'next-intl/server'
import { When } from '@/app/_components/when'
import { languageName, textHref } from '@/app/staff/campaigns/texts/_components/language-name'
import { env } from '@/lib/config/env'
import { getLanguage } from '@/lib/i18n/request'
import { isBuiltIn } from '@/lib/mail/mail-text'
import type { listOwnTexts, MailTemplate } from '@/lib/mail/templates'

type Texts = Awaited<ReturnType<typeof listOwnTexts>>
type Props = { label: string; templates: readonly MailTemplate[]; texts: Texts }

/** Templates, each with its text in every language and who wrote it. */
export async function TemplateList({ label, templates, texts }: Props) {
  const t = await getTranslations('staff.mailTexts')
  const names = await getTranslations('mail.templates')
  const language = await getLanguage()
  return (
    <ul aria-label={label} className="card card-list">
      {templates.map(({ key, name, basedOn }) => (
        <li key={key} className="grid gap-x-6 gap-y-2 py-3 sm:grid-cols-2">
          <span className="min-w-0">
            <bdi translate={isBuiltIn(key) ? undefined : 'no'} className="block font-medium [overflow-wrap:anywhere]">
              {name}
            </bdi>
            <span className="note block">
              {isBuiltIn(key) ? t(`purposes.${basedOn}`) : t('basedOn', { name: names(`${basedOn}.name`) })}
            </span>
          </span>
          <ul aria-label={t('languages')} className="space-y-1">
            {env().institution.languages.map((locale) => (
              <li key={locale} className="flex flex-wrap items-baseline gap-x-3">
                <a href={textHref(key, locale)} className="inline-flex min-h-8 items-center">
                  <span className="sr-only" translate={isBuiltIn(key) ? undefined : 'no'}>
                    {name}{' '}
                  </span>
                  <span translate="no">{languageName(locale, language)}</span>
                </a>
                <State template={key} locale={locale} texts={texts} />
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  )
}

async function State({ template, locale, texts }: { template: string; locale: string; texts: Texts }) {
  const t = await getTranslations('staff.mailTexts.states')
  const own = texts.find((text) => text.template === template && text.locale === locale)
  const words = own
    ? t.rich('changed', { when: () => <When key="when" at={own.changedAt} /> })
    : t(isBuiltIn(template) ? 'standard' : 'missing')
  return <span className={own || isBuiltIn(template) ? 'note' : 'note text-warn'}>{words}</span>
}
