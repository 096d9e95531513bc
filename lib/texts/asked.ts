import 'server-only'
import { getTranslations } from 'next-intl/server'
import { env } from '@/lib/config/env'
import { getLanguage } from '@/lib/i18n/request'
import { findScope } from '@/lib/orcid/scopes'
import { getInstitutionTexts } from '@/lib/texts/queries'
import {
  type AskText,
  composeAskText,
  findReason,
  type InstitutionTexts,
  inReadingOrder,
  type ShownText,
  scopeKey,
  toShownText,
} from '@/lib/texts/text'

export type DescribedScope = { scope: string; title: string; explanation: string; reason: string | null }

/** The text above the button, in the request's language, and the same with its hash for the attempt. Sorts `scopes`. */
export async function getAskText(scopes: readonly string[]): Promise<{ content: AskText; shown: ShownText }> {
  const t = await getTranslations('ask')
  const content = composeAskText(t, await getTexts(), env().institution.name, inReadingOrder(scopes))
  return { content, shown: toShownText(await getLanguage(), content) }
}

/** `openid` and all configured scopes that have a reason. */
export async function listAskable(): Promise<string[]> {
  const t = await getTranslations('ask')
  const texts = await getTexts()
  const scopes = env().orcid.scopes.filter((scope) => findReason(t, texts, scope))
  return inReadingOrder(['openid', ...scopes])
}

/** Granted scopes in words; ORCID's name for a scope without a text. */
export async function describeScopes(scopes: readonly string[]): Promise<DescribedScope[]> {
  const t = await getTranslations('ask')
  const texts = await getTexts()
  return inReadingOrder(scopes).map((scope) => {
    const key = scopeKey(scope)
    const reason = findReason(t, texts, scope)
    if (!t.has(`scopes.${key}.title`)) {
      return { scope, title: scope, explanation: findScope(scope)?.description ?? '', reason }
    }
    return { scope, title: t(`scopes.${key}.title`), explanation: t(`scopes.${key}.explanation`), reason }
  })
}

/** The sentence on what happens after connecting, from the institution or the default. */
export async function getNextStep(): Promise<string> {
  const t = await getTranslations('ask')
  return (await getTexts()).next ?? t('defaults.next')
}

/** The office that asks and acts, as the subject of a sentence; never an employee. */
export async function getOffice(): Promise<string> {
  const t = await getTranslations('ask')
  return (await getTexts()).asker ?? t('defaults.asker')
}

async function getTexts(): Promise<InstitutionTexts> {
  return withReasonForId(getInstitutionTexts(await getLanguage()))
}

/** Every attempt asks for `openid`, so an empty reason cannot remove it. */
function withReasonForId(texts: InstitutionTexts): InstitutionTexts {
  if (texts.reasons?.openid !== '') return texts
  const { openid: _empty, ...reasons } = texts.reasons
  return { ...texts, reasons }
}
