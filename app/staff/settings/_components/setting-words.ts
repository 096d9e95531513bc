import { getTranslations } from 'next-intl/server'
import { getLanguageWords, getScopeWords } from '@/app/staff/campaigns/_components/campaign-words'
import type { SettingFault } from '@/lib/settings/typed'
import { parseTextKey } from '@/lib/texts/part'

/** What a setting is called. With `isAlone`, the language of a text is said as well. */
export async function getSettingWords(): Promise<(key: string, isAlone?: boolean) => string> {
  const t = await getTranslations('staff.settings')
  const [toLanguage, toScope] = [await getLanguageWords(), await getScopeWords()]
  return (key, isAlone = false) => {
    const part = parseTextKey(key)
    if (!part) return t.has(`fields.${key}`) ? t(`fields.${key}`) : key
    const name = 'scope' in part ? t('reason', { permission: toScope(part.scope) }) : t(`fields.${part.sentence}`)
    return isAlone ? t('inLanguage', { name, language: toLanguage(part.locale) }) : name
  }
}

/** What is wrong with a setting, and what to do. */
export async function getFaultWords(): Promise<(fault: SettingFault) => string> {
  const t = await getTranslations('staff.settings.faults')
  return ({ key, code, values }) =>
    code === 'unreadable' && t.has(`unreadableIn.${key}`) ? t(`unreadableIn.${key}`) : t(code, values)
}
