import 'server-only'
import { getLocale, getTranslations } from 'next-intl/server'
import { env } from '@/lib/config/env'
import { findScope } from '@/lib/orcid/scopes'
import { getInstitutionTexts } from '@/lib/texts/queries'
import {
  type AskText,
  composeAskText,
  findReason,
  type InstitutionTexts,
  type ShownText,
  scopeKey,
  toShownText,
} from '@/lib/texts/text'

/** A permission in words, for one that was granted as well as for one that is asked for. */
export type DescribedScope = { scope: string; title: string; explanation: string; reason: string | null }

/**
 * What a person reads before the button when they are asked for `scopes`, in the language of this request, and the same
 * with its hash for the attempt to remember. The order in which the scopes are given does not matter.
 */
export async function getAskText(scopes: readonly string[]): Promise<{ content: AskText; shown: ShownText }> {
  const t = await getTranslations('ask')
  const content = composeAskText(t, await getTexts(), env().institution.name, inReadingOrder(scopes))
  return { content, shown: toShownText(await getLocale(), content) }
}

/** The scopes that are asked for: the configured ones that have a reason, and always `openid`. */
export async function listAskable(): Promise<string[]> {
  const t = await getTranslations('ask')
  const texts = await getTexts()
  const scopes = env().orcid.scopes.filter((scope) => findReason(t, texts, scope))
  return inReadingOrder(['openid', ...scopes])
}

/** Granted scopes in words. ORCID may grant what we have no words for: then its own name has to do. */
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

/** What happens after connecting, in the institution's words or ours. */
export async function getNextStep(): Promise<string> {
  const t = await getTranslations('ask')
  return (await getTexts()).next ?? t('defaults.next')
}

/** Who asks, and who did what staff did: the office, as the subject of a sentence, never an employee. */
export async function getOffice(): Promise<string> {
  const t = await getTranslations('ask')
  return (await getTexts()).asker ?? t('defaults.asker')
}

async function getTexts(): Promise<InstitutionTexts> {
  return withReasonForId(getInstitutionTexts(await getLocale()))
}

/** `openid` is part of every attempt, so an empty reason cannot keep it from being told. */
function withReasonForId(texts: InstitutionTexts): InstitutionTexts {
  if (texts.reasons?.openid !== '') return texts
  const { openid: _empty, ...reasons } = texts.reasons
  return { ...texts, reasons }
}

// From knowing to reading to writing; whatever else there is comes last, by name.
const readingOrder = [
  'openid',
  '/authenticate',
  '/read-limited',
  '/email/read-private',
  '/activities/update',
  '/person/update',
]

function inReadingOrder(scopes: readonly string[]): string[] {
  const known = readingOrder.filter((scope) => scopes.includes(scope))
  const others = scopes.filter((scope) => !readingOrder.includes(scope))
  return [...new Set([...known, ...others.sort()])]
}
