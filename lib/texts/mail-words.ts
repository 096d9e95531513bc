import 'server-only'
import { env } from '@/lib/config/env'
import { readMessages } from '@/lib/config/languages'
import { inReadingOrder } from '@/lib/texts/order'
import { getInstitutionTexts } from '@/lib/texts/queries'
import {
  type AskTranslator,
  type CampaignWords,
  composeAskText,
  type NamedSystem,
  sayOperator,
  sayRights,
} from '@/lib/texts/text'

/** Who asks, why, and for what with which reasons, in any language: for mails, which no request asks for. */
export function composeForMail(locale: string, scopes: readonly string[], words: CampaignWords | null) {
  const t = translatorOf(locale)
  const texts = getInstitutionTexts(locale)
  const { benefit, permissions } = composeAskText(t, texts, env().institution.name, inReadingOrder(scopes), words)
  return {
    asker: texts.asker ?? t('defaults.asker'),
    why: benefit,
    permissions: permissions.map(({ title, reason }) => ({ title, reason })),
  }
}

type DescribedSystem = Pick<NamedSystem, 'name' | 'operator' | 'processorName' | 'purpose' | 'rights'>

/** What a system does with what people allow, who runs it and for what: paragraphs. */
export function describeSystem(locale: string, system: DescribedSystem): string {
  const t = translatorOf(locale)
  return [sayOperator(t, system), sayRights(t, system.rights), system.purpose].join('\n\n')
}

/** What the button to ORCID says in a language. */
export const getButtonLabel = (locale: string): string => readMessages(locale).front.button

/** These sentences have nothing but names to fill in. */
function translatorOf(locale: string): AskTranslator {
  const { ask } = readMessages(locale)
  const find = (key: string) =>
    key.split('.').reduce<unknown>((part, name) => (part as Record<string, unknown> | undefined)?.[name], ask)
  const translate = (key: string, values: Record<string, string> = {}) =>
    String(find(key)).replace(/\{(\w+)\}/g, (_all, name: string) => values[name] ?? '')
  return Object.assign(translate, { has: (key: string) => typeof find(key) === 'string' })
}
