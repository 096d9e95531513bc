import { getTranslations } from 'next-intl/server'
import { getLanguageWords, getScopeWords, getTemplateWords } from '@/app/staff/campaigns/_components/campaign-words'
import type { Missing } from '@/lib/campaigns/readiness'

/** What is missing, in words. */
export async function getMissingWords(): Promise<(missing: Missing) => string> {
  const t = await getTranslations('staff.campaigns.missing')
  const [toLanguage, toScope, templates] = await Promise.all([getLanguageWords(), getScopeWords(), getTemplateWords()])
  return ({ kind, locale, scope, template }) =>
    t(kind, {
      language: locale ? toLanguage(locale) : '',
      scope: scope ? toScope(scope) : '',
      template: template ? (templates.get(template) ?? template) : '',
    })
}
