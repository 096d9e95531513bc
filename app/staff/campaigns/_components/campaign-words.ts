import { getTranslations } from 'next-intl/server'
import { getDayWords } from '@/app/staff/_components/day-words'
import { describePeopleFilters } from '@/app/staff/people/_components/people-filter-words'
import { filtersOf } from '@/lib/campaigns/audience'
import { getLanguage } from '@/lib/i18n/request'
import { fileNotice } from '@/lib/mail/file-notice'
import { staffNotice } from '@/lib/mail/staff-notice'
import { systemNotice } from '@/lib/mail/system-notice'
import { builtInTemplates, listTemplates } from '@/lib/mail/templates'
import { scopeKey } from '@/lib/texts/text'
import { digestTemplate } from '@/lib/webhooks/digest'

/** The name of a language in the reader’s own. */
export async function getLanguageWords(): Promise<(locale: string) => string> {
  const t = await getTranslations('staff.campaigns')
  const names = new Intl.DisplayNames([await getLanguage()], { type: 'language' })
  return (locale) => t('language', { language: names.of(locale) ?? locale })
}

/** What a scope is called on the pages. */
export async function getScopeWords(): Promise<(scope: string) => string> {
  const t = await getTranslations('ask')
  const staff = await getTranslations('staff')
  return (scope) => {
    const key = scopeKey(scope)
    if (staff.has(`scopes.${key}`)) return staff(`scopes.${key}`)
    return t.has(`scopes.${key}.title`) ? t(`scopes.${key}.title`) : scope
  }
}

/** Whom a campaign is for, in words. */
export async function describeAudience(audience: string | null): Promise<string> {
  const t = await getTranslations('staff.campaigns')
  if (audience === null) return t('anybody')
  const words = (await describePeopleFilters(filtersOf(audience))).flatMap((one) => one.words || [])
  return words.length > 0 ? words.join(' · ') : t('page.allPeople')
}

/** From when until when, as far as it is known. */
export async function getDatesWords(): Promise<(dates: { startsOn: string | null; endsOn: string | null }) => string> {
  const t = await getTranslations('staff.campaigns')
  const toWords = await getDayWords()
  return ({ startsOn, endsOn }) => {
    const until = endsOn ? toWords(endsOn) : null
    if (startsOn && until) return t('fromUntil', { from: toWords(startsOn), until })
    return until ? t('until', { day: until }) : t('noEnd')
  }
}

/** The names of the mail texts, and of the other mails that we send, by their keys. */
export async function getTemplateWords(): Promise<Map<string, string>> {
  const t = await getTranslations('staff.campaigns.templates')
  const all = await getMailTextWords()
  for (const key of [systemNotice, fileNotice, staffNotice, digestTemplate] as const) all.set(key, t(key))
  return all
}

/** The names of the mail texts, by their keys. */
export async function getMailTextWords(): Promise<Map<string, string>> {
  const t = await getTranslations('staff.campaigns.templates')
  const templates = await listTemplates()
  return new Map(
    templates.map(({ key, name }) => {
      const isOurs = builtInTemplates.some((each) => each === key)
      return [key, isOurs ? t(key) : name]
    }),
  )
}
